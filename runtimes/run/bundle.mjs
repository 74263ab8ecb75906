// Bundles a file for a runtime that does not read node_modules.

import { join } from "node:path"
import { build } from "esbuild"

export async function bundle(file, conditions) {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "..", file)],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions,
    write: false
  })
  return outputFiles[0].text
}
