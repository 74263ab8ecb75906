/**
 * Checks of a layer's options, for adapters: JavaScript and configuration pass anything, and each
 * wrong value has to be an error that names the option.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as options from "./internal/options/check.js"
import * as kinds from "./internal/options/kinds.js"
import { type ConfigurationError, fromConfigError } from "./MetricsError.js"

/**
 * A test whether a value can be the option, and what to give otherwise, as words that follow
 * "Pass". Where the option is an object, its fields have kinds as well. Of what is in place of such
 * an object the type is shown and not the value, as that may be a secret.
 */
export type Kind = options.Kind

/**
 * Kinds by the names of options, all that there are. One whose name ends with "?" may be left out.
 */
export type Kinds = options.Kinds

/**
 * Fails with a `ConfigurationError` (`InvalidOption`) that names the first option that cannot be
 * used, its value, and what to give; or the first name that no option has, and the nearest one that
 * there is.
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
 * Whether a value is a duration above 0, in any form that `Duration.decode` takes.
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
 * The options of `MetricsClient.layer`, for a layer that has others as well.
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
 * The options of `TokenProvider.cached`, without its `store`, for a layer that has others as well.
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
 * The value of a configuration. Fails with a `ConfigurationError` that names each setting that is
 * missing or malformed, and for what is not a `Config`.
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
  )
