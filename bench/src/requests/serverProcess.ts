/**
 * The server of the measurement: `node:http`, the token endpoint of v1, and one answer to every
 * query, that of the vendor's documented one. It does as little as it can, so that the clients are
 * what is measured.
 */
import { createServer } from "node:http"
import { answerRows } from "../clients/weekly.js"

const token = JSON.stringify({
  access_token: "a-token-of-the-measurement",
  expires_in: 86_400,
  token_type: "Bearer"
})
const rows = JSON.stringify({ data: { building_features: answerRows } })
let queries = 0

const server = createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    const isToken = request.url === "/api/rest/oauth/token"
    if (!isToken) queries++
    response.setHeader("content-type", "application/json")
    response.end(isToken ? token : rows)
  })
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") {
    process.send?.(`http://127.0.0.1:${address.port}`)
  }
})
// How many queries have come since it was last asked.
process.on("message", () => {
  process.send?.(queries)
  queries = 0
})
process.on("disconnect", () => process.exit())
