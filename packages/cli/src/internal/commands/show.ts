/** `--show`: the request of a question, without sending it. */
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Effect from "effect/Effect"
import type { Outcome } from "../frame/command.js"
import type { Failure } from "../frame/failure.js"
import { quoted } from "../frame/shell.js"
import type { Question } from "../question/question.js"
import type { Settings } from "../settings/settings.js"

export const showRequest = (
  what: string,
  question: Question,
  settings: Settings
): Effect.Effect<Outcome, Failure, MetricsClient.MetricsClient> => {
  switch (what) {
    case "curl":
      return Effect.map(curlOf(question, settings), textOutcome)
    case "plan":
      return showPlan(question)
    default:
      return QueryBuilder.build(question.query).pipe(
        Effect.flatMap(Operation.toInlineText),
        Effect.map(textOutcome)
      )
  }
}

const textOutcome = (text: string): Outcome => ({
  data: text,
  print: ({ write }) => write(`${text.trimEnd()}\n`)
})

/**
 * A shell command that gets a token with the credentials in the environment, and sends the query.
 * Neither the secret nor the token is an argument of a process, because other users of the machine
 * can see arguments.
 */
const curlOf = ({ query }: Question, { chosen }: Settings): Effect.Effect<string, Failure> =>
  Effect.gen(function* () {
    const operation = yield* QueryBuilder.build(query)
    const url = yield* Api.graphqlUrl(chosen)
    const tokenUrl = yield* Api.tokenUrl(chosen)
    const body = JSON.stringify({
      operationName: operation.name,
      query: Operation.toText(operation),
      variables: operation.variables
    })
    const { answer, audience, encoding } = chosen.token
    const request =
      encoding === "json"
        ? `printf '${JSON.stringify({ client_id: "%s", client_secret: "%s", ...(audience === undefined ? {} : { audience }) })}' "$INNERSPACE_CLIENT_ID" "$INNERSPACE_CLIENT_SECRET" |\n  curl -sS -H 'Content-Type: application/json' -d @- ${quoted(tokenUrl)}`
        : `printf '%s' "$INNERSPACE_CLIENT_SECRET" |\n  curl -sS --data-urlencode "client_id=$INNERSPACE_CLIENT_ID" --data-urlencode client_secret@- ${quoted(tokenUrl)}`
    const key = answer.at(-1) ?? ""
    const { name, scheme } = chosen.credential
    return [
      `token=$(${request} |`,
      `  sed -E 's/.*"${key}" *: *"([^"]*)".*/\\1/')`,
      `printf '${name}: ${scheme === undefined ? "" : `${scheme} `}%s' "$token" |`,
      `  curl -sS -H @- -H 'Content-Type: application/json' --data-binary ${quoted(body)} ${quoted(url)}`
    ].join("\n")
  })

const showPlan = (
  question: Question
): Effect.Effect<Outcome, Failure, MetricsClient.MetricsClient> =>
  Effect.gen(function* () {
    if (!question.isStream) {
      const data = {
        requestsAtLeast: 1,
        requestsAtMost: 1,
        rowsAtMost: question.limit ?? null,
        windows: []
      }
      return { data, print: ({ write }) => write("1 request\n") }
    }
    const metrics = yield* MetricsClient.MetricsClient
    const plan = yield* metrics.plan(question.query)
    const windows = plan.windows.map(({ end, start }) => ({
      start: new Date(start.epochMillis).toISOString(),
      end: new Date(end.epochMillis).toISOString()
    }))
    const { pageSize, requestsAtLeast, requestsAtMost = null, rowsAtMost = null } = plan
    return {
      data: { pageSize, requestsAtLeast, requestsAtMost, rowsAtMost, windows },
      print: ({ write }) =>
        write(
          [
            `${requestsAtLeast} requests${requestsAtMost === requestsAtLeast ? "" : requestsAtMost === null ? " or more" : ` to ${requestsAtMost}`}, pages of ${pageSize} rows${rowsAtMost === null ? "" : `, at most ${rowsAtMost} rows`}`,
            ...windows.map(({ end, start }) => `${start} to ${end}`),
            ""
          ].join("\n")
        )
    }
  })
