/** The servers that measured clients send their queries to. */
import { createServer } from "node:http"

const token = JSON.stringify({
  access_token: "a-token-of-the-measurement",
  expires_in: 86_400,
  token_type: "Bearer"
})

/**
 * Serves the token endpoint of v1 and the responses to queries. For each message from the parent
 * process, it sends the number of queries since the last message. The server does as little work as
 * possible, so that the measured time is the time of the clients.
 */
export const serve = (
  answer: (body: ReadonlyArray<Buffer>, respond: (text: string) => void) => void
): void => {
  let queries = 0
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      response.setHeader("content-type", "application/json")
      if (request.url === "/api/rest/oauth/token") {
        response.end(token)
        return
      }
      queries++
      answer(chunks, (text) => response.end(text))
    })
  })
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    if (address !== null && typeof address === "object") {
      process.send?.(`http://127.0.0.1:${address.port}`)
    }
  })
  process.on("message", () => {
    process.send?.(queries)
    queries = 0
  })
  process.on("disconnect", () => process.exit())
}
