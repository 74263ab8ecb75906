/** The installed versions. */
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

/** The version of a package that bench declares. */
export const versionOf = (name: string): string => {
  const file = fileURLToPath(new URL(`../../node_modules/${name}/package.json`, import.meta.url))
  if (!existsSync(file)) throw new Error(`${name} is not installed: run pnpm install`)
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }
  return version
}
