/**
 * One cell of the matrix. It runs an operation with a fault, through one face (a way in which an
 * app uses the library).
 */
import type * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Held from "../held.js"
import type { Sandbox } from "../sandbox.js"
import type { Face } from "./faces.js"
import { type Given, isAboutToken, type Operation } from "./operations.js"
import type { Row } from "./rows.js"
import { type Expected, expected } from "./rule.js"
import { limit, retry, timeout, usualTimeout } from "./settings.js"
import type { Persistence, Signal } from "./signals.js"

/** The right result of each operation, and how long the operation took. */
export type Truth = ReadonlyMap<
  Operation,
  { readonly value: unknown; readonly took: Duration.Duration }
>

export interface Place {
  readonly row: Row
  readonly operation: Operation
  readonly face: Face
  readonly persistence: Persistence
}

export interface Cell extends Place {
  readonly expected: Expected
  /** The actual outcome, in the same form as `expected`. */
  readonly came: string
  /** Other problems: wrong rows, or resources that were not released. */
  readonly problems: ReadonlyArray<string>
}

export const isRight = (cell: Cell): boolean =>
  cell.came === cell.expected && cell.problems.length === 0

/** The signal that a client sees if the fault of the row happens. */
const signalOf = ({ operation, row }: Place): Signal => {
  const own = isAboutToken(operation) ? (row.atToken ?? row.atApi) : row.atApi
  return row.decoded ?? own
}

/** The fault that is injected. A stream meets the fault at its second page. */
const injected = ({ operation, persistence, row }: Place): Fault.Fault => {
  const { effect } = row.fault
  if (isAboutToken(operation)) {
    return { target: "token", times: persistence === "once" ? 1 : "always", effect }
  }
  const target = "graphql"
  if (operation === "stream") {
    return {
      target,
      ordinals: persistence === "once" ? [2] : [2, ...Array.from({ length: 38 }, (_, i) => i + 3)],
      effect
    }
  }
  return { target, times: persistence === "once" ? 1 : "always", effect }
}

/**
 * Sets how long a host is offline. If the fault stays, the host is offline for longer than the
 * client tries.
 */
const lasting = (fault: Fault.Fault, persistence: Persistence): Fault.Fault =>
  fault.effect._tag === "RefuseConnections" && persistence === "stays"
    ? { ...fault, effect: { ...fault.effect, milliseconds: 60_000 } }
    : fault

export const run = (sandbox: Sandbox, truth: Truth, place: Place): Effect.Effect<Cell> =>
  Effect.gen(function* () {
    const { face, operation, persistence } = place
    const signal = signalOf(place)
    yield* sandbox.reset
    const before = yield* Held.now(sandbox)
    const short = timeout(signal, truth.get(operation)?.took ?? Duration.zero)
    const work = Effect.gen(function* () {
      const call = yield* face.open({
        address: sandbox.address,
        retry: retry(persistence, signal),
        timeout: isAboutToken(operation) ? usualTimeout : short,
        tokenTimeout: isAboutToken(operation) ? short : usualTimeout
      })
      if (operation === "renewal") {
        yield* Effect.repeat(call("query"), { until: ({ error }) => error === undefined })
      }
      yield* sandbox.inject([lasting(injected(place), persistence)])
      if (operation === "renewal") yield* sandbox.expireTokens
      return yield* call(operation)
    })
    const exit = yield* Effect.exit(
      Effect.timeoutFail(Effect.disconnect(Effect.scoped(work)), {
        duration: limit,
        onTimeout: () => "hang"
      })
    )
    yield* sandbox.clearFaults
    const leaks = yield* Held.beyond(sandbox, before)
    return {
      ...place,
      expected: expected(signal, operation, persistence, face),
      ...outcome(exit, place, truth),
      ...(leaks.length === 0 ? {} : { problems: [`left behind: ${leaks.join(", ")}`] })
    }
  })

const outcome = (
  exit: Exit.Exit<Given, unknown>,
  place: Place,
  truth: Truth
): { readonly came: string; readonly problems: ReadonlyArray<string> } => {
  if (Exit.isFailure(exit)) return { came: exit.cause.toString(), problems: [] }
  const { error, value } = exit.value
  const problems = rowProblems(value, error !== undefined, place, truth.get(place.operation)?.value)
  return { came: error === undefined ? "rows" : nameOf(error), problems }
}

const nameOf = (error: unknown): string => {
  const { _tag, reason } = Object(error)
  return typeof _tag === "string" && typeof reason === "string"
    ? `${_tag}.${reason}`
    : `not a typed error: ${String(error)}`
}

/** Rows that arrive before an error must be the first of the right rows. */
const rowProblems = (
  value: unknown,
  hasFailed: boolean,
  { operation, row }: Place,
  right: unknown
): ReadonlyArray<string> => {
  if (operation === "stream" && Array.isArray(value) && Array.isArray(right)) {
    const all = right.map((row) => text(row))
    const given = value.map((row) => text(row))
    // If rows are published again during the stream, their values change but their keys do not, so
    // the values are not compared.
    const key = row.fault.effect._tag === "Restate" ? withoutValue : (line: string) => line
    const differs = given.findIndex((line, index) => key(line) !== key(all[index] ?? ""))
    if (differs >= 0) return [`row ${differs} is ${given[differs]}, expected ${all[differs]}`]
    return hasFailed || given.length === all.length
      ? []
      : [`${given.length} rows, expected ${all.length}`]
  }
  if (hasFailed || row.fault.effect._tag === "Restate") return []
  const { _tag } = row.fault.effect
  if (operation === "schema" && (_tag === "ColumnGone" || _tag === "NestedJson")) return []
  return text(value) === text(right) ? [] : [`not the right rows: ${text(value).slice(0, 200)}`]
}

/**
 * A value as text. `JSON.stringify` fails for a value that is nested too deeply, such as a hundred
 * thousand arrays.
 */
const text = (value: unknown): string =>
  Either.getOrElse(
    Either.try(() => JSON.stringify(value) ?? "nothing"),
    String
  )

const withoutValue = (line: string): string => line.replace(/"metric_value":[^,}]*/, "")
