/**
 * The server of the measurement: `node:http`, the token endpoint of v1, and one answer to every query, that of the vendor's documented
 * one. It does as little as it can, so that the clients are what is measured.
 */
import { createServer } from "node:http"
import { answerRows } from "./answer.js"

const token = JSON.stringify({
  access_token: "a-token-of-the-measurement",
  expires_in: 86_400,
  token_type: "Bearer"
})

const server = createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    response.setHeader("content-type", "application/json")
    response.end(request.url === "/api/rest/oauth/token" ? token : answerRows)
  })
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") {
    process.send?.({ url: `http://127.0.0.1:${address.port}` })
  }
})
process.on("disconnect", () => process.exit())
