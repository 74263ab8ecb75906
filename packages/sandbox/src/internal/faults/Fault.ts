import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { FaultEffect } from "./FaultEffect.js"
import { schedule } from "./Schedule.js"

/**
 * The kind of requests that a fault applies to: token requests, of machines and of people's apps,
 * or GraphQL operations.
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
 * A generation of the API, or `login` for the sign-in host.
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
 * A fault, with its effect, target and schedule. The default target is `graphql`. Without a
 * schedule, the fault happens once.
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
 * The target and schedule of a fault. All given conditions must hold. A fault ends when it has
 * happened `times` times, after the last ordinal, or when the time of `during` is over.
 */
export interface Options {
  /** The kind of requests. Default `graphql`. */
  readonly target?: Target
  /** If given, the fault applies only to requests to this generation, or to the sign-in host. */
  readonly api?: Api
  /** If given, the fault applies only to operations with this name. */
  readonly operationName?: string
  /**
   * How often the fault happens. Default: once, or `always` if `ordinals`, `chance` or `during` is
   * given.
   */
  readonly times?: number | "always"
  /**
   * The numbers of the matching requests to which the fault happens, counted from 1 since the
   * injection. `[3, 7]` means the third and the seventh request.
   */
  readonly ordinals?: readonly [number, ...ReadonlyArray<number>]
  /**
   * The share of matching requests to which the fault happens, from 0 to 1. The sandbox's seed and
   * the order of requests select these requests.
   */
  readonly chance?: number
  /** How long the fault can happen after the injection, by the sandbox's clock. */
  readonly during?: Duration.DurationInput
}

/** Creates a fault from an effect. */
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
