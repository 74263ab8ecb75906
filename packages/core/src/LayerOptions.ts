/**
 * Checks of a layer's options, for adapters. JavaScript and configuration can pass any value, and
 * each wrong one must be an error that names the option.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as options from "./internal/options/check.js"
import * as kinds from "./internal/options/kinds.js"
import { ConfigurationError, fromConfigError } from "./MetricsError.js"

/**
 * The kinds of all options, by name. An option whose name ends with "?" is optional.
 *
 * A kind is a test for the value of the option, and words for a valid value that follow "Pass" in
 * the hint. An option that is an object also has kinds for its fields. If such an option has a
 * wrong value, only its type is shown, because the value may be a secret.
 */
export type Kinds = options.Kinds

/**
 * Checks options. Fails with a `ConfigurationError` (`InvalidOption`) that names the first invalid
 * option, its value and what to pass, or the first unknown name and the nearest known one.
 *
 * @example
 * ```ts
 * import { LayerOptions } from "@innerspace-metrics/core"
 *
 * const kinds = { "timeout?": LayerOptions.isDurationAboveZero }
 * const checked = LayerOptions.check(kinds, { timeout: "20 secs" })
 * // Left: timeout is "20 secs". Pass a duration above 0, such as "1 second".
 * ```
 */
export const check: (kinds: Kinds, given: unknown) => Either.Either<void, ConfigurationError> =
  options.checkOptions

/**
 * Whether a value is a duration above 0, in any form that `Duration.decode` accepts.
 *
 * @example
 * ```ts
 * import { LayerOptions } from "@innerspace-metrics/core"
 *
 * LayerOptions.isDurationAboveZero("20 secs") // false
 * ```
 */
export const isDurationAboveZero: (value: unknown) => boolean = kinds.isDurationAboveZero

/**
 * Kinds of the options of `MetricsClient.layer`, for a layer that has further options.
 *
 * @example
 * ```ts
 * import { LayerOptions } from "@innerspace-metrics/core"
 *
 * const kinds: LayerOptions.Kinds = { ...LayerOptions.client, "tabs?": (value) => value === false }
 * ```
 */
export const client: Kinds = options.client

/**
 * Kinds of the options of `TokenProvider.cached`, except `store`, for a layer that has further
 * options.
 *
 * @example
 * ```ts
 * import { JsonValue, LayerOptions } from "@innerspace-metrics/core"
 *
 * const kinds: LayerOptions.Kinds = {
 *   ...LayerOptions.client,
 *   "token?": [JsonValue.isRecord, undefined, LayerOptions.cached]
 * }
 * ```
 */
export const cached: Kinds = options.cached

/**
 * Reads a configuration. Fails with a `ConfigurationError` that names each missing or malformed
 * setting, or that says that `config` is not a `Config`.
 *
 * @example
 * ```ts
 * import { Api, LayerOptions } from "@innerspace-metrics/core"
 *
 * const api = LayerOptions.fromConfig(Api.config)
 * ```
 */
export const fromConfig = <A>(config: Config.Config<A>): Effect.Effect<A, ConfigurationError> =>
  Effect.zipRight(
    check(
      { config: [Config.isConfig, "a Config, such as Config.all({ api: Api.config })"] },
      { config }
    ),
    Effect.suspend(() => Effect.mapError(config, fromConfigError))
  ).pipe(Effect.catchSomeDefect(notPermitted))

/**
 * Deno throws if the program may not read a variable. Its message names the permission and no
 * value. Other defects are mistakes of the configuration's own functions.
 */
const notPermitted = (defect: unknown): Option.Option<Effect.Effect<never, ConfigurationError>> =>
  defect instanceof Error && ["NotCapable", "PermissionDenied"].includes(defect.name)
    ? Option.some(
        new ConfigurationError({
          reason: "InvalidConfiguration",
          problem: `A setting cannot be read: ${defect.message}`,
          hint: "Grant the permission, or pass the options in code"
        })
      )
    : Option.none()
