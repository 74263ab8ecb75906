import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { FaultEffect } from "./FaultEffect.js"
import { schedule } from "./Schedule.js"

/**
 * Which requests a fault meets: those for tokens, people's as well, or GraphQL operations.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const targets = Fault.Target.literals // ["token", "graphql"]
 * ```
 */
export const Target = Schema.Literal("token", "graphql")
export type Target = typeof Target.Type

/**
 * A generation of the API, or `login`, the host where people sign in.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const hosts = Fault.Api.literals // ["v1", "v1.5", "v2", "login"]
 * ```
 */
export const Api = Schema.Literal("v1", "v1.5", "v2", "login")
export type Api = typeof Api.Type

/**
 * A fault: what happens, to which requests, and when. The target is `graphql` unless given. Without
 * a schedule it happens once.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 * import * as Schema from "effect/Schema"
 *
 * const decode = Schema.decodeUnknownEither(Fault.Fault)
 * decode({ target: "token", ordinals: [3, 7], effect: { _tag: "Unavailable" } })
 * ```
 */
export const Fault = Schema.Struct({
  target: Schema.optionalWith(Target, { exact: true, default: () => "graphql" as const }),
  api: Schema.optionalWith(Api, { exact: true }),
  operationName: Schema.optionalWith(Schema.String, { exact: true }),
  ...schedule,
  effect: FaultEffect
})
export type Fault = typeof Fault.Type

/**
 * To which requests a fault happens, and when. All that is given has to hold. A fault ends when it
 * has happened `times` times, when the last ordinal is past, or when its time is up.
 */
export interface Options {
  /** Default `graphql`. */
  readonly target?: Target
  /** Only requests to this generation, or to the host where people sign in. */
  readonly api?: Api
  /** Only operations of this name. */
  readonly operationName?: string
  /**
   * How often it happens. Default: once, or `always` if `ordinals`, `chance` or `during` is given.
   */
  readonly times?: number | "always"
  /**
   * Which of the requests that it could meet, counted from 1 since the injection: `[3, 7]` is the
   * third and the seventh.
   */
  readonly ordinals?: readonly [number, ...ReadonlyArray<number>]
  /**
   * The share of requests, from 0 to 1. The sandbox's seed and the order of requests decide which
   * ones.
   */
  readonly chance?: number
  /** For how long since the injection, by the sandbox's clock. */
  readonly during?: Duration.DurationInput
}

/** A fault with its effect. */
export const make = (
  effect: FaultEffect,
  { api, chance, during, operationName, ordinals, target, times }: Options = {}
): Fault => ({
  target: target ?? "graphql",
  ...(api === undefined ? {} : { api }),
  ...(operationName === undefined ? {} : { operationName }),
  ...(times === undefined ? {} : { times }),
  ...(ordinals === undefined ? {} : { ordinals }),
  ...(chance === undefined ? {} : { chance }),
  ...(during === undefined ? {} : { duringSeconds: Duration.toSeconds(during) }),
  effect
})
