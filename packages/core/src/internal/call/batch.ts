/** Sends concurrent queries as one operation, for `Effect.all(..., { batching: true })`. */
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Metric from "effect/Metric"
import * as Predicate from "effect/Predicate"
import * as Request from "effect/Request"
import * as RequestResolver from "effect/RequestResolver"
import { isJsonObject, type JsonValue } from "../../JsonValue.js"
import type { CallError } from "../../MetricsError.js"
import * as Operation from "../../Operation.js"
import type * as Query from "../../Query.js"
import type { QueryBuilder } from "../../QueryBuilder.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import * as telemetry from "../../Telemetry.js"
import { withCall } from "../errors.js"
import { keyOf } from "../query/spec.js"
import type { Call } from "./call.js"
import { isTooLarge } from "./readAnswer.js"

/** The maximum number of queries in one operation, and the operation's maximum size. */
export interface BatchLimits {
  readonly maxQueries: number
  /** Number of characters in the document and the variables. */
  readonly maxSize: number
}

/** One query that waits until it is sent, alone or with other queries. */
export interface QueryRequest extends Request.Request<unknown, CallError> {
  readonly _tag: "QueryRequest"
  readonly query: Query.Query<unknown, unknown, unknown>
  readonly policy: RetryPolicy
}

export const QueryRequest = Request.tagged<QueryRequest>("QueryRequest")

/**
 * One query, and all `QueryRequest`s for this query. Each `QueryRequest` decodes the result in its
 * own way.
 */
interface Question {
  readonly policy: RetryPolicy
  readonly askers: Array.NonEmptyArray<Asker>
  readonly query: Query.Query<unknown, unknown, unknown>
  readonly size: number
}

interface Asker {
  readonly request: QueryRequest
  readonly operation: Operation.Operation<unknown>
}

export const makeBatching = (
  builder: QueryBuilder,
  call: <A>(call: Call<A>, policy: RetryPolicy) => Effect.Effect<A, CallError>,
  querySingly: (request: QueryRequest) => Effect.Effect<unknown, CallError>,
  limits: BatchLimits
): RequestResolver.RequestResolver<QueryRequest> => {
  const askSingly = (request: QueryRequest): Effect.Effect<void> =>
    Effect.flatMap(Effect.either(querySingly(request)), (result) => answer(request, result))

  const askTogether = (questions: Array.NonEmptyReadonlyArray<Question>): Effect.Effect<void> =>
    builder
      .buildAll(
        nameOf(questions),
        Object.fromEntries(questions.map(({ query }, index) => [`q${index}`, query]))
      )
      .pipe(
        Effect.tap(Metric.incrementBy(telemetry.mergedQueries, questions.length - 1)),
        Effect.flatMap((operation) =>
          call(
            {
              operationName: operation.name,
              document: Operation.toText(operation),
              variables: operation.variables,
              ...(operation.exact === undefined ? {} : { exact: operation.exact }),
              decode: (data) =>
                Either.all(
                  questions.map((question, index) => read(question, valueOf(data, `q${index}`)))
                )
            },
            questions[0].policy
          )
        ),
        Effect.matchEffect({
          onFailure: (error) => {
            if (!isOfOneQuery(error)) return answerAll(questions, error)
            if (questions.length > 1) {
              return Effect.forEach(halves(questions), ask, {
                concurrency: "unbounded",
                discard: true
              })
            }
            return error._tag === "DecodeError"
              ? Effect.forEach(questions[0].askers, ({ request }) => askSingly(request), {
                  concurrency: "unbounded",
                  discard: true
                })
              : answerAll(questions, error)
          },
          onSuccess: (answers) =>
            Effect.forEach(
              answers.flat(),
              ({ request, value }) => answer(request, Either.right(value)),
              { discard: true }
            )
        })
      )

  const ask = (questions: Array.NonEmptyReadonlyArray<Question>): Effect.Effect<void> =>
    questions.length === 1 && questions[0].askers.length === 1
      ? askSingly(questions[0].askers[0].request)
      : askTogether(questions)

  const build = (request: QueryRequest) =>
    builder.build(request.query).pipe(
      Effect.map((operation) => ({ request, operation })),
      Effect.catchAll((error) => Effect.as(answer(request, Either.left(error)), undefined))
    )

  return RequestResolver.makeBatched((requests) =>
    // Most batches consist of one query.
    requests.length === 1
      ? askSingly(requests[0])
      : Effect.flatMap(Effect.forEach(requests, build), (built) =>
          Effect.forEach(
            // An operation has only one deadline, so only queries with the same policy are merged.
            Object.values(
              Array.groupBy(built.filter(Predicate.isNotUndefined), ({ request }) =>
                JSON.stringify(request.policy)
              )
            ).flatMap((group) => chunks(unique(group), limits)),
            ask,
            { concurrency: "unbounded", discard: true }
          )
        )
  )
}

/** Reads the result of one query. Each `QueryRequest` for the query decodes the result. */
const read = ({ askers }: Question, value: JsonValue) => {
  const options = { inPlace: askers.length === 1 }
  return Either.all(
    askers.map(({ operation, request }) =>
      Either.map(operation.decode({ [keyOf(request.query)]: value }, options), (value) => ({
        request,
        value
      }))
    )
  )
}

const answerAll = (questions: ReadonlyArray<Question>, error: CallError): Effect.Effect<void> =>
  Effect.forEach(
    questions.flatMap(({ askers }) => askers),
    ({ request }) => answer(request, Either.left(error)),
    { discard: true }
  )

const answer = (
  request: QueryRequest,
  result: Either.Either<unknown, CallError>
): Effect.Effect<void> =>
  Request.completeEffect(
    request,
    Either.mapLeft(result, (error) =>
      withCall(error, {
        attempts: error.attempts ?? 0,
        operationName: request.query.operationName
      })
    )
  )

/**
 * Whether a single query of the batch, or the number of queries, may have caused the error. If so,
 * a smaller batch may succeed. A query that fails to decode is also sent alone, so that its error
 * describes its own call.
 */
const isOfOneQuery = (error: CallError): boolean =>
  error._tag === "DecodeError" ||
  (error._tag === "GraphQLError" && !error.isRetryable) ||
  (error._tag === "ResponseError" && (error.reason === "TooLarge" || isTooLarge(error.status))) ||
  error._tag === "QueryError"

const nameOf = (questions: ReadonlyArray<Question>): string => {
  const names = new Set(questions.map(({ query }) => query.operationName))
  const [name] = names
  return names.size === 1 && name !== undefined ? name : "batch"
}

const valueOf = (data: JsonValue, key: string): JsonValue =>
  (isJsonObject(data) ? data[key] : undefined) ?? null

const halves = (
  questions: Array.NonEmptyReadonlyArray<Question>
): ReadonlyArray<Array.NonEmptyReadonlyArray<Question>> =>
  Array.chunksOf(questions, Math.ceil(questions.length / 2))

const unique = (askers: ReadonlyArray<Asker>): ReadonlyArray<Question> => {
  const questions = new Map<string, Question>()
  for (const asker of askers) {
    const { operation, request } = asker
    const key = Operation.toText(operation) + JSON.stringify(operation.variables)
    const found = questions.get(key)
    if (found === undefined) {
      const { policy, query } = request
      questions.set(key, { policy, askers: [asker], query, size: key.length })
    } else {
      found.askers.push(asker)
    }
  }
  return [...questions.values()]
}

const chunks = (
  questions: ReadonlyArray<Question>,
  limits: BatchLimits
): ReadonlyArray<Array.NonEmptyReadonlyArray<Question>> => {
  const found: globalThis.Array<Array.NonEmptyArray<Question>> = []
  let size = 0
  for (const question of questions) {
    const last = found[found.length - 1]
    if (
      last === undefined ||
      last.length >= limits.maxQueries ||
      size + question.size > limits.maxSize
    ) {
      found.push([question])
      size = question.size
    } else {
      last.push(question)
      size += question.size
    }
  }
  return found
}
