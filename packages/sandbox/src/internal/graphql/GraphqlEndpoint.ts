import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import type { ApiName } from "../ApiName.js"
import type { Database } from "../database/DatabaseConnection.js"
import * as Databases from "../database/DatabaseConnection.js"
import type { ColumnChange } from "../faults/ColumnChanges.js"
import type { Answer } from "../http/Answer.js"
import { json } from "../http/Answer.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"
import type { RowPermission } from "../login/HasuraClaims.js"
import type { Role } from "../Role.js"
import type { SandboxClock } from "../SandboxClock.js"
import * as AnswerBody from "./AnswerBody.js"
import type { Compiler } from "./Compiler.js"
import { fromDatabase } from "./databaseRefusal.js"
import * as HasuraError from "./HasuraError.js"
import type { Operation, Prepared, Refusal } from "./Prepare.js"
import { persistedQueriesOff } from "./requestBody.js"

export interface Options {
  readonly api: ApiName
  readonly compiler: Compiler
  readonly database: Database
  readonly clock: SandboxClock
  readonly role: () => Role
  /** How long an operation may take, in seconds. */
  readonly timeLimit: number
  readonly verify: (
    request: IncomingRequest
  ) => Effect.Effect<RowPermission, HasuraError.HasuraError>
}

/**
 * A GraphQL endpoint that responds like Hasura:
 *
 * - Hasura's own errors have status 200.
 * - A failed operation has exactly one error, and no `data`.
 * - Only a successful response has a request id.
 * - If a batch fails before its operations are separated, the response is one object, not a list.
 */
export const make =
  (options: Options) =>
  (request: IncomingRequest, change?: ColumnChange): Effect.Effect<Answer> =>
    Effect.gen(function* () {
      if (request.method !== "POST") return yield* Effect.fail(persistedQueriesOff)
      const { buildings } = yield* options.verify(request)
      const { api, clock, compiler, role } = options
      const context = { api, change, role: role(), buildings, now: clock.now() }
      const prepared = yield* limited(options, compiler.prepare(context, request.body))
      const body = yield* run(options, prepared).pipe(
        // Rows that will not be sent are dropped.
        Effect.onError(() => AnswerBody.drop(compiler, prepared))
      )
      return {
        status: 200,
        headers: {
          "content-type": "application/json; charset=utf-8",
          "x-request-id": request.headers["x-request-id"] ?? randomUUID()
        },
        ...AnswerBody.send(compiler, body)
      }
    }).pipe(Effect.catchAll((error) => Effect.succeed(refuse(error))))

type Ran = Effect.Effect<AnswerBody.Parts, HasuraError.HasuraError>

const run = (options: Options, prepared: Prepared): Ran => {
  switch (prepared._tag) {
    case "Refusal":
      return Effect.fail(HasuraError.make(prepared.code, prepared.message, prepared))
    case "Operation":
      return limited(options, runOperation(options, prepared))
    case "Batch":
      return Effect.map(
        Effect.forEach(prepared.operations, (each) => settled(options, each)),
        (bodies) => [
          "[",
          ...bodies.flatMap((body, index) => (index === 0 ? body : [",", ...body])),
          "]"
        ]
      )
  }
}

const runOperation = ({ database }: Options, { parts, statements }: Operation): Ran =>
  Effect.forEach(statements, (statement) => Databases.json(database, statement)).pipe(
    Effect.mapError(fromDatabase),
    Effect.map((results) =>
      parts.flatMap((part): AnswerBody.Parts => {
        if (typeof part === "string" || part instanceof Uint8Array) return [part]
        return part._tag === "Rows" ? [part] : (results[part.index] ?? [])
      })
    )
  )

const settled = (options: Options, operation: Operation | Refusal): Ran =>
  run(options, operation).pipe(
    Effect.tapError(() => AnswerBody.drop(options.compiler, operation)),
    Effect.catchAll((error) => Effect.succeed([JSON.stringify(HasuraError.graphqlBody(error))]))
  )

/** Limits the time of an operation. Interrupting the operation stops its statement. */
const limited = <A>(
  { timeLimit }: Options,
  effect: Effect.Effect<A, HasuraError.HasuraError>
): Effect.Effect<A, HasuraError.HasuraError> =>
  Effect.timeoutFail(effect, {
    duration: timeLimit * 1_000,
    // The code and the message are assumptions, because the code for Hasura's limits is not public.
    onTimeout: () =>
      HasuraError.make("time-limit-exceeded", `Time limit exceeded: ${timeLimit} seconds`)
  })

/**
 * The response to an error. Status 401 (for a rejected session) is kept, and every other error has
 * status 200.
 */
const refuse = (error: HasuraError.HasuraError): Answer =>
  json(error.status === 401 ? 401 : 200, HasuraError.graphqlBody(error))
