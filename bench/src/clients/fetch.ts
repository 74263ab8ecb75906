import { headers, type Open, sender } from "./shared/client.js"
import { bodyFor } from "./shared/weekly.js"

export const open: Open = (url) =>
  sender(async (building) => {
    const answer = await fetch(url, { method: "POST", headers, body: bodyFor(building) })
    return answer.json()
  })
