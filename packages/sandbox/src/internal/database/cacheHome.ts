import { homedir, userInfo } from "node:os"
import { isAbsolute, join } from "node:path"

/**
 * The user's cache directory, or `undefined` if there is none. An empty path is ignored. A relative
 * path is ignored too, because it would depend on the working directory. The XDG Base Directory
 * Specification requires this.
 */
export const cacheHome = (): string | undefined => {
  const candidates = [
    () => process.env["XDG_CACHE_HOME"],
    () => (process.platform === "win32" ? process.env["LOCALAPPDATA"] : undefined),
    () => below(homedir()),
    () => below(userInfo().homedir)
  ]
  for (const candidate of candidates) {
    const path = attempt(candidate)
    if (path !== undefined && isAbsolute(path)) return path
  }
  return undefined
}

const below = (home: string): string => (isAbsolute(home) ? join(home, ".cache") : "")

/** Node throws if the user has no entry in the system's list of users. */
const attempt = (read: () => string | undefined): string | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}
