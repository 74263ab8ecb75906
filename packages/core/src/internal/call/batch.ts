/**
 * Sends concurrent queries as one operation, for `Effect.all(..., { batching: true })`. A page
 * loads this module with its first such call.
 */
import * as Array from "effect/Array"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Request from "effect/Request"
import * as RequestBlock from "effect/RequestBlock"
import * as RequestResolver from "effect/RequestResolver"
import { isJsonObject, type JsonValue } from "../../JsonValue.js"
import type { CallError } from "../../MetricsError.js"
import * as Operation from "../../Operation.js"
import type * as Query from "../../Query.js"
import type { QueryBuilder } from "../../QueryBuilder.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import { isTooLarge, withCall } from "../errors.js"
import { keyOf } from "../query/spec.js"
import type { Call } from "./call.js"

/** The maximum number of queries in one operation, and the operation's maximum size. */
interface BatchLimits {
  readonly maxQueries: number
  /** Number of characters in the document and the variables. */
  readonly maxSize: number
}

/** One query that waits until it is sent, alone or with other queries. */
interface QueryRequest extends Request.Request<unknown, CallError> {
  readonly _tag: "QueryRequest"
  readonly query: Query.Query<unknown, unknown, unknown>
  readonly policy: RetryPolicy
}

const QueryRequest = Request.tagged<QueryRequest>("QueryRequest")

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

/** Sends one query. */
export type SendQuery = <A>(
  query: Query.Query<unknown, unknown, A>,
  policy: RetryPolicy
) => Effect.Effect<A, CallError>

/** How a client sends the queries of a batch. */
interface Sending {
  readonly builder: QueryBuilder
  /** Sends an operation of `queries` queries. */
  readonly send: <A>(
    call: Call<A>,
    policy: RetryPolicy,
    queries: number
  ) => Effect.Effect<A, CallError>
  readonly sendSingly: SendQuery
}

/** Makes a function that sends a query together with the other queries of its batch. */
export const makeBatching = (
  { builder, send, sendSingly }: Sending,
  limits: BatchLimits
): SendQuery => {
  const askSingly = (request: QueryRequest): Effect.Effect<void> =>
    Effect.flatMap(Effect.either(sendSingly(request.query, request.policy)), (result) =>
      answer(request, result)
    )

  const askTogether = (questions: Array.NonEmptyReadonlyArray<Question>): Effect.Effect<void> =>
    builder
      .buildAll(
        nameOf(questions),
        Object.fromEntries(questions.map(({ query }, index) => [`q${index}`, query]))
      )
      .pipe(
        Effect.flatMap((operation) =>
          send(
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
            questions[0].policy,
            questions.length
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

  const resolver = RequestResolver.makeBatched<QueryRequest, never>((requests) =>
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
  return <A>(query: Query.Query<unknown, unknown, A>, policy: RetryPolicy) =>
    // The resolver returns the value that the operation of this query has decoded, so the type of
    // the value is `A`.
    sendRequest(QueryRequest({ query, policy }), resolver) as Effect.Effect<A, CallError>
}

/**
 * Like `Effect.request`, without Effect's cache of requests. A bundler puts all functions of the
 * module `Effect` that a page uses into the files that the page loads first. `Effect.request` would
 * therefore add 2.3 kB to these files (minified, gzipped).
 */
const sendRequest = (
  request: QueryRequest,
  resolver: RequestResolver.RequestResolver<QueryRequest>
): Effect.Effect<unknown, CallError> =>
  Effect.withFiberRuntime((fiber) => {
    const ownerId = fiber.id()
    const result = Deferred.unsafeMake<unknown, CallError>(ownerId)
    const listeners = new Listeners()
    const entry = { request, result, listeners, ownerId, state: { completed: false } }
    return Effect.ensuring(
      Effect.blocked(
        RequestBlock.single(resolver, Request.makeEntry(entry)),
        Deferred.await(result)
      ),
      Effect.sync(() => listeners.decrement())
    )
  })

/**
 * The callers that wait for one request. Here, there is only one. Effect interrupts the resolver if
 * the callers of all its requests are gone. Effect 3.22 does not interrupt the callers of a batch
 * (`findings/effect-batch-interruption.sh`), but a later version may.
 */
class Listeners implements Request.Listeners {
  count = 1
  interrupted = false
  readonly observers = new Set<(count: number) => void>()
  addObserver(observer: (count: number) => void): void {
    this.observers.add(observer)
  }
  removeObserver(observer: (count: number) => void): void {
    this.observers.delete(observer)
  }
  increment(): void {
    this.#change(1)
  }
  decrement(): void {
    this.#change(-1)
  }
  #change(by: number): void {
    this.count += by
    for (const observer of this.observers) observer(this.count)
  }
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
