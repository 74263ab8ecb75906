/**
 * A server that answers after 50 ms: each root field of a document under its alias, and a list of
 * operations by a list of answers.
 */
import { createServer } from "node:http"
import { setTimeout } from "node:timers/promises"
import { Kind, parse } from "graphql"
import { answerRows } from "../clients/weekly.js"

const latency = 50

const token = JSON.stringify({
  access_token: "a-token-of-the-measurement",
  expires_in: 86_400,
  token_type: "Bearer"
})

let requests = 0

const answerTo = ({ query }: { readonly query: string }) => ({
  data: Object.fromEntries(
    parse(query).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? definition.selectionSet.selections.flatMap((selection) =>
            selection.kind === Kind.FIELD
              ? [[selection.alias?.value ?? selection.name.value, answerRows]]
              : []
          )
        : []
    )
  )
})

const server = createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", async () => {
    response.setHeader("content-type", "application/json")
    if (request.url === "/api/rest/oauth/token") {
      response.end(token)
      return
    }
    requests++
    await setTimeout(latency)
    const body = JSON.parse(Buffer.concat(chunks).toString())
    response.end(JSON.stringify(Array.isArray(body) ? body.map(answerTo) : answerTo(body)))
  })
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") {
    process.send?.(`http://127.0.0.1:${address.port}`)
  }
})
// How many requests have come since it was last asked.
process.on("message", () => {
  process.send?.(requests)
  requests = 0
})
process.on("disconnect", () => process.exit())
