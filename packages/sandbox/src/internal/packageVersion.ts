import { createRequire } from "node:module"

const versionOf = (manifest: unknown): string =>
  typeof manifest === "object" &&
  manifest !== null &&
  "version" in manifest &&
  typeof manifest.version === "string"
    ? manifest.version
    : "unknown"

const require = createRequire(import.meta.url)

/** The version of this package. */
export const packageVersion: string = versionOf(require("../../package.json"))
