/**
 * Checks of a layer's options, for adapters. JavaScript and configuration can pass any value. A
 * wrong value must cause an error that names the option.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as options from "./internal/options/check.js"
import * as kinds from "./internal/options/kinds.js"
import { ConfigurationError, fromConfigError } from "./MetricsError.js"

/**
 * A kind for each option, by the option's name. An option whose name ends with "?" is optional.
 *
 * A kind is a function that tests the value of the option. It can also be a list of three elements:
 * this function, a text, and kinds for the fields of an object. The text describes a valid value,
 * and follows "Pass" in the hint. If the kind of an option has kinds for fields, the error for a
 * wrong value shows only the type of the value, because the value may be a secret.
 */
export type Kinds = options.Kinds

/**
 * Checks options. Fails with a `ConfigurationError` (`InvalidOption`) for the first unknown or
 * invalid option. For an unknown option, the error names the option and the known option with the
 * nearest name. For an invalid option, the error names the option, its value and a valid value.
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
 * Converts the error that Deno throws if the program has no permission to read an environment
 * variable. The message of Deno's error names the permission, but no value. Other defects are
 * mistakes in the functions of the configuration, and stay defects.
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
