/** Where settings and remembered names are kept. */
import { posix, win32 } from "node:path"
import type { World } from "../frame/world.js"

/** The folder of `config.toml`. */
export const configFolder = (world: World): string => {
  const { env, homeDirectory, platform } = world
  const given = env["INNERSPACE_CONFIG_DIR"]
  if (given !== undefined && given !== "")
    return pathOf(world).resolve(world.workingDirectory, given)
  switch (platform) {
    case "win32":
      return win32.join(
        absolute(world, env["APPDATA"]) ?? win32.join(homeDirectory, "AppData", "Roaming"),
        name
      )
    case "darwin":
      return posix.join(homeDirectory, "Library", "Application Support", name)
    default:
      return posix.join(
        absolute(world, env["XDG_CONFIG_HOME"]) ?? posix.join(homeDirectory, ".config"),
        name
      )
  }
}

/** The folder of tokens and remembered names: the one of `FileTokenStore`. */
export const cacheFolder = (world: World): string => {
  const { env, homeDirectory, platform } = world
  switch (platform) {
    case "win32":
      return win32.join(
        absolute(world, env["LOCALAPPDATA"]) ?? win32.join(homeDirectory, "AppData", "Local"),
        name
      )
    case "darwin":
      return posix.join(homeDirectory, "Library", "Caches", name)
    default:
      return posix.join(
        absolute(world, env["XDG_CACHE_HOME"]) ?? posix.join(homeDirectory, ".cache"),
        name
      )
  }
}

export const pathOf = ({ platform }: World): typeof posix => (platform === "win32" ? win32 : posix)

const name = "innerspace-metrics"

/** By the XDG specification, a relative path is ignored. */
const absolute = (world: World, path: string | undefined): string | undefined =>
  path !== undefined && pathOf(world).isAbsolute(path) ? path : undefined
