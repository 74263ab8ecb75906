/**
 * Access tokens in files. The processes of one user share the files, for example workers, tests, or
 * a command that runs every few minutes.
 */
import { homedir } from "node:os"
import { isAbsolute, join } from "node:path"
import { env, platform } from "node:process"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as FileTexts from "./internal/files/texts.js"
import { wrongStores } from "./internal/wrongStores.js"

/** Options of the store. */
export interface Options {
  /**
   * Absolute path of the directory for the files. It is created if it does not exist. Default:
   * `innerspace-metrics` in the user's cache directory, which is `$XDG_CACHE_HOME` or `~/.cache`,
   * `~/Library/Caches` on macOS, and `%LOCALAPPDATA%` on Windows.
   */
  readonly directory?: string
}

/**
 * A store of tokens in files of mode 0600, in a directory of mode 0700. Each combination of client
 * id, audience, base URL and API generation has one file.
 *
 * A lock lets only one process at a time replace a file, and the replacement is atomic. If a
 * process is killed while it holds the lock, another process takes over the lock after 5 seconds.
 * On Windows, the directory's access list decides who can read the files.
 *
 * The store does not use any of the following, and logs a warning:
 *
 * - a file that other users can read (its token is replaced),
 * - a symbolic link,
 * - a file or directory of another user,
 * - a directory that other users can write to,
 * - a file system that does not respond within 5 seconds.
 *
 * `make` does not fail. If the directory is not an absolute path, the layer that uses the store
 * fails to build.
 *
 * @example
 * ```ts
 * import { FileTokenStore, NodeMetrics } from "@innerspace-metrics/node-adapter"
 * import * as Redacted from "effect/Redacted"
 *
 * const MetricsLive = NodeMetrics.layer({
 *   clientId: "my-backend",
 *   clientSecret: Redacted.make("from a vault"),
 *   tokenStore: FileTokenStore.make()
 * })
 * ```
 */
export const make = (options: Options = {}): TokenStore.TokenStore => {
  const checked = check(options)
  const store = TokenStore.make(
    FileTexts.make(
      Either.isLeft(checked)
        ? unusable(checked.left)
        : options.directory === undefined
          ? defaultDirectory
          : Effect.succeed(options.directory)
    )
  )
  if (Either.isLeft(checked)) wrongStores.set(store, checked.left)
  return store
}

const check = (options: Options): Either.Either<void, ConfigurationError> =>
  LayerOptions.check(kinds, options)

const kinds: LayerOptions.Kinds = {
  "directory?": [
    (value) => typeof value === "string" && isAbsolute(value) && !value.includes("\0"),
    "the absolute path of a directory"
  ]
}

const unusable = ({ hint, problem }: ConfigurationError): TokenStore.TokenStoreError =>
  new TokenStore.TokenStoreError({ reason: "Unavailable", problem, hint })

/**
 * `make` as a layer. Fails to build with a `ConfigurationError` for a directory that is not an
 * absolute path.
 *
 * @example
 * ```ts
 * import { FileTokenStore } from "@innerspace-metrics/node-adapter"
 *
 * const StoreLive = FileTokenStore.layer({ directory: "/var/cache/my-backend" })
 * ```
 */
export const layer = (
  options: Options = {}
): Layer.Layer<TokenStore.TokenStore, ConfigurationError> =>
  Layer.effect(
    TokenStore.TokenStore,
    Effect.map(
      Effect.suspend(() => check(options)),
      () => make(options)
    )
  )

/**
 * Reads the store from configuration. `INNERSPACE_TOKEN_STORE` is `none` (the default), `file` for
 * the user's cache directory, or the absolute path of another directory.
 *
 * @example
 * ```ts
 * import { FileTokenStore } from "@innerspace-metrics/node-adapter"
 * import * as Effect from "effect/Effect"
 * import * as Option from "effect/Option"
 *
 * const isOn = Effect.map(FileTokenStore.config, Option.isSome)
 * ```
 */
export const config: Config.Config<Option.Option<TokenStore.TokenStore>> = Config.string(
  "INNERSPACE_TOKEN_STORE"
).pipe(
  Config.withDefault("none"),
  Config.mapOrFail((setting) => {
    if (setting === "none") return Either.right(Option.none())
    if (setting === "file") return Either.right(Option.some(make()))
    return isAbsolute(setting)
      ? Either.right(Option.some(make({ directory: setting })))
      : Either.left(
          ConfigError.InvalidData(
            ["INNERSPACE_TOKEN_STORE"],
            `Expected none, file or the absolute path of a directory, but got ${JSON.stringify(setting)}`
          )
        )
  }),
  Config.withDescription(
    "where the access token is kept between processes: none, file, or a directory"
  )
)

/**
 * The default directory. A relative path in `XDG_CACHE_HOME` is ignored, as the XDG Base Directory
 * Specification requires.
 */
const defaultDirectory: Effect.Effect<string, TokenStore.TokenStoreError> = Effect.try({
  try: () => join(cacheDirectory(), "innerspace-metrics"),
  catch: () =>
    new TokenStore.TokenStoreError({
      reason: "Unavailable",
      problem: "This user has no home directory, so tokens cannot be stored",
      hint: "Pass a directory for tokens"
    })
})

const cacheDirectory = (): string => {
  const given = platform === "win32" ? env["LOCALAPPDATA"] : env["XDG_CACHE_HOME"]
  if (given !== undefined && isAbsolute(given) && platform !== "darwin") return given
  switch (platform) {
    case "darwin":
      return join(homedir(), "Library", "Caches")
    case "win32":
      return join(homedir(), "AppData", "Local")
    default:
      return join(homedir(), ".cache")
  }
}
