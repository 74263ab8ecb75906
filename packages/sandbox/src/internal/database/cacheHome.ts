import { homedir, userInfo } from "node:os"
import { isAbsolute, join } from "node:path"

/**
 * Where programs of the user keep what they can make again; undefined where there is no such place.
 * A path that is empty or relative is ignored, as the XDG Base Directory Specification wants it: it
 * would be a folder of wherever the program was started.
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

/** Node throws where the user has no entry in the system's list of users. */
const attempt = (read: () => string | undefined): string | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}
