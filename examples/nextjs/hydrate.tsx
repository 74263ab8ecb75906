/** Hydrates the page's HTML in the browser, as Next.js does with its own pages. */
import { hydrateRoot } from "react-dom/client"
import { Occupancy } from "./app/occupancy/Occupancy"

const root = document.getElementById("root")
const state = document.getElementById("state")?.textContent
if (root !== null && state) hydrateRoot(root, <Occupancy state={JSON.parse(state)} />)
