/**
 * A server that responds after 50 ms. The response to a document has each root field under its
 * alias. The response to a list of operations is a list of results.
 */
import { Kind, parse } from "graphql"
import { answerRows } from "../clients/shared/weekly.js"
import { serve } from "../measurement/server.js"

const latency = 50

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

serve((chunks, respond) => {
  setTimeout(() => {
    const body = JSON.parse(Buffer.concat(chunks).toString())
    respond(JSON.stringify(Array.isArray(body) ? body.map(answerTo) : answerTo(body)))
  }, latency)
})
