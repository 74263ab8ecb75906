/** A Svelte page. */
import { mount } from "svelte"
import { finishSignIn } from "../page/metrics.js"
import Page from "./Page.svelte"

await finishSignIn()
const target = document.getElementById("root")
if (target !== null) mount(Page, { target })
