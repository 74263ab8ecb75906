/** The lower bound, which is the time of Node's HTTP client alone. */
import { request } from "undici"
import { headers, type Open, sender } from "./shared/client.js"
import { bodyFor } from "./shared/weekly.js"

export const open: Open = (url) =>
  sender(async (building) => {
    const { body } = await request(url, { method: "POST", headers, body: bodyFor(building) })
    return JSON.parse(await body.text())
  })
