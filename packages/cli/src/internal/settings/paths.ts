/** Where settings and remembered names are kept. */
import { posix, win32 } from "node:path"
import type { World } from "../frame/world.js"

/** The folder of `config.toml`. */
export const configFolder = (world: World): string => {
  const given = world.env["INNERSPACE_CONFIG_DIR"]
  return given !== undefined && given !== ""
    ? pathOf(world).resolve(world.workingDirectory, given)
    : folderOf(world, {
        win32: ["APPDATA", "AppData/Roaming"],
        darwin: "Library/Application Support",
        others: ["XDG_CONFIG_HOME", ".config"]
      })
}

/** The folder of tokens and remembered names. `FileTokenStore` uses the same folder. */
export const cacheFolder = (world: World): string =>
  folderOf(world, {
    win32: ["LOCALAPPDATA", "AppData/Local"],
    darwin: "Library/Caches",
    others: ["XDG_CACHE_HOME", ".cache"]
  })

/**
 * An environment variable that names a folder, and the path in the home folder that is used if the
 * variable is not set.
 */
type Known = readonly [variable: string, inHome: string]

const folderOf = (
  world: World,
  places: { readonly win32: Known; readonly darwin: string; readonly others: Known }
): string => {
  const { join } = pathOf(world)
  if (world.platform === "darwin") return join(world.homeDirectory, places.darwin, name)
  const [variable, inHome] = world.platform === "win32" ? places.win32 : places.others
  return join(absolute(world, world.env[variable]) ?? join(world.homeDirectory, inHome), name)
}

export const pathOf = ({ platform }: World): typeof posix => (platform === "win32" ? win32 : posix)

const name = "innerspace-metrics"

/** A relative path is ignored, as the XDG specification requires. */
const absolute = (world: World, path: string | undefined): string | undefined =>
  path !== undefined && pathOf(world).isAbsolute(path) ? path : undefined
