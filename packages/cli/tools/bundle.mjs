// Writes dist/bin.cjs, the command that the package ships: dist/bin.js with all that help and usage
// errors need, in one file. Node takes longer to find and link 20 modules than to run them. What a
// command needs is still loaded from dist when it runs. `pnpm pack` and `pnpm publish` run this.
//
//   node packages/cli/tools/bundle.mjs

import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const dist = fileURLToPath(new URL("../dist/", import.meta.url))
const commander = createRequire(import.meta.url).resolve("commander")
const license = readFileSync(join(dirname(commander), "LICENSE"), "utf8").trim()

await build({
  entryPoints: [join(dist, "bin.js")],
  outfile: join(dist, "bin.cjs"),
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minifySyntax: true,
  minifyWhitespace: true,
  // The entries of what a command needs.
  external: ["./internal/completion/words.js", "./internal/frame/execute.js", "./internal/load.js"],
  define: { "import.meta.url": "moduleUrl" },
  banner: {
    js: `/*! With commander:\n\n${license}\n*/\nconst moduleUrl = require("node:url").pathToFileURL(__filename).href`
  },
  logLevel: "warning"
})
