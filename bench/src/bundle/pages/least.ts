/**
 * The least that a page with the services of this design can do, with Effect and nothing else. It
 * has the two services in layers, one token for all calls, a deadline, cancellation, three
 * attempts, typed errors, and rows with times. The text of its only query is fixed. Its errors have
 * no messages, and it checks no option, no value and no size. It neither hides secrets nor merges
 * queries, it reports no spans, and other tabs do not share its token.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { document, group } from "../../clients/shared/weekly.js"

class MetricsError extends Data.TaggedError("MetricsError")<{
  readonly reason: "NoResponse" | "NoToken" | "Refused" | "Graphql" | "Timeout"
  readonly retryAfter?: number
}> {}

class TokenProvider extends Context.Tag("TokenProvider")<
  TokenProvider,
  {
    readonly get: Effect.Effect<Redacted.Redacted<string>, MetricsError>
    readonly invalidate: Effect.Effect<void>
  }
>() {}

interface Row {
  readonly feature_value: unknown
  readonly date_time_start: DateTime.Utc
}

interface Answer {
  readonly data?: {
    readonly building_features: ReadonlyArray<{
      readonly feature_value: unknown
      readonly date_time_start: string
    }>
  }
}

class MetricsClient extends Context.Tag("MetricsClient")<
  MetricsClient,
  {
    readonly weekly: (building: number, date: string) => Effect.Effect<readonly Row[], MetricsError>
  }
>() {}

const tokens = (getToken: () => Promise<string>) =>
  Layer.effect(
    TokenProvider,
    Effect.map(
      Effect.cachedInvalidateWithTTL(
        Effect.tryPromise({
          try: getToken,
          catch: () => new MetricsError({ reason: "NoToken" })
        }).pipe(Effect.map(Redacted.make)),
        Duration.hours(1)
      ),
      ([get, invalidate]) => ({ get, invalidate })
    )
  )

const zone = DateTime.zoneUnsafeMakeNamed("America/Chicago")

const midnight = (date: string) =>
  DateTime.formatIso(DateTime.unsafeMakeZoned(date, { timeZone: zone, adjustForTimeZone: true }))

const client = (url: string) =>
  Layer.effect(
    MetricsClient,
    Effect.map(TokenProvider, ({ get, invalidate }) => {
      const send = (body: string, attempt: number): Effect.Effect<Answer, MetricsError> =>
        Effect.flatMap(get, (token) =>
          Effect.tryPromise({
            try: async (signal) => {
              const response = await fetch(url, {
                method: "POST",
                headers: {
                  authorization: `Bearer ${Redacted.value(token)}`,
                  "content-type": "application/json"
                },
                body,
                signal
              })
              return { response, answer: (await response.json()) as Answer }
            },
            catch: () => new MetricsError({ reason: "NoResponse" })
          })
        ).pipe(
          Effect.flatMap(({ answer, response }) =>
            response.ok
              ? Effect.succeed(answer)
              : Effect.zipRight(
                  response.status === 401 ? invalidate : Effect.void,
                  Effect.fail(
                    new MetricsError({
                      reason: "Refused",
                      retryAfter: Number(response.headers.get("retry-after") ?? 1)
                    })
                  )
                )
          ),
          Effect.catchAll((error) =>
            attempt === 3
              ? Effect.fail(error)
              : Effect.zipRight(
                  Effect.sleep(Duration.seconds(error.retryAfter ?? 2 ** attempt)),
                  send(body, attempt + 1)
                )
          )
        )
      return {
        weekly: (building: number, date: string) =>
          send(
            JSON.stringify({
              query: document,
              variables: { building, group, start: midnight(date), end: midnight(date) }
            }),
            1
          ).pipe(
            Effect.timeoutFail({
              duration: Duration.minutes(1),
              onTimeout: () => new MetricsError({ reason: "Timeout" })
            }),
            Effect.flatMap(({ data }) =>
              data === undefined
                ? Effect.fail(new MetricsError({ reason: "Graphql" }))
                : Effect.succeed(
                    data.building_features.map((row) => ({
                      feature_value: row.feature_value,
                      date_time_start: DateTime.unsafeMake(row.date_time_start)
                    }))
                  )
            )
          )
      }
    })
  )

export const run = (url: string, getToken: () => Promise<string>) =>
  Effect.flatMap(MetricsClient, (metrics) => metrics.weekly(71, "2024-01-01")).pipe(
    Effect.provide(Layer.provide(client(url), tokens(getToken))),
    Effect.runPromise
  )
