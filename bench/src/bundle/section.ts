/** The section about the size that a client adds to a page. */
import { readFileSync } from "node:fs"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { build, type Metafile, type Plugin } from "esbuild"
import { generateGenql } from "../measurement/genql.js"
import type { Bar, Table } from "../measurement/results.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
import { allTexts, couldLoadLater, parts } from "./parts.js"
import { pages } from "./programs.js"

const directory = fileURLToPath(new URL("..", import.meta.url))

/** A plugin that leaves out all packages except the client's own packages. */
const only = (own: ReadonlyArray<string>): Plugin => ({
  name: "only",
  setup: (build) => {
    build.onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
      kind === "entry-point" || own.some((prefix) => path.startsWith(prefix))
        ? undefined
        : { path, external: true }
    )
  }
})

/** A plugin that leaves out a part of the client's own code. */
const without = ({ rest }: (typeof parts)[number]): Plugin => ({
  name: "without",
  setup: (build) => {
    build.onLoad({ filter: /\/(core|browser-adapter)\/dist\// }, ({ path }) => {
      const contents = rest(path, readFileSync(path, "utf8"))
      return contents === undefined ? undefined : { contents }
    })
  }
})

/** The files that a page loads when it opens. It loads other files later, by `import()`. */
const firstFiles = ({ outputs }: Metafile): ReadonlySet<string> => {
  const [entry] = Object.keys(outputs).filter((file) => outputs[file]?.entryPoint !== undefined)
  const files = new Set(entry === undefined ? [] : [entry])
  for (const file of files) {
    for (const { kind, path } of outputs[file]?.imports ?? []) {
      if (kind === "import-statement" && outputs[path] !== undefined) files.add(path)
    }
  }
  return files
}

const bytes = async (file: string, plugins: ReadonlyArray<Plugin>) => {
  const { metafile, outputFiles } = await build({
    absWorkingDir: directory,
    entryPoints: [{ in: `${directory}${file}`, out: "page" }],
    outdir: "page",
    bundle: true,
    splitting: true,
    metafile: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
    plugins: [...plugins]
  })
  const first = firstFiles(metafile)
  const contents = outputFiles
    .filter(({ path }) => first.has(relative(directory, path)))
    .map(({ contents }) => contents)
  const sum = (size: (bytes: Uint8Array) => number) =>
    contents.reduce((total, bytes) => total + size(bytes), 0)
  return {
    minified: sum(({ length }) => length),
    gzipped: sum((bytes) => gzipSync(bytes, { level: 9 }).length)
  }
}

/** The target for the first page, in bytes. */
const target = 80_000

const inBytes = (count: number): string => `${count.toLocaleString("en-US")} bytes`

const bars: ReadonlyArray<Bar> = [
  { row: "innerspace-metrics", against: "Effect HttpClient on fetch", atMost: 1 },
  { row: "innerspace-metrics", against: "@apollo/client", atMost: 1 }
]

export const bundle: Section = {
  name: "bundle",
  title: "Browser bundle",
  text: `The size of a page that sends the vendor's documented query, bundled and minified by esbuild for es2022 and compressed by gzip -9. What a page loads later, by \`import()\`, does not count. "Own code" is the same page with the client's own packages only: for innerspace-metrics without \`effect\`, \`@effect/platform\` and \`graphql\`. The page of
innerspace-metrics renews the token of the signed-in person, which the pages of the peers do not. The code that genql generates is its own and
grows with the schema. "Least page on Effect" has the same two services, one token, a deadline, cancellation, three attempts and typed rows, with
a fixed query, errors without messages, and no checks (\`bench/src/bundle/pages/least.ts\`).`,
  measure: async () => {
    await generateGenql()
    const sizes = await Promise.all(
      pages.map(async (page) => ({
        ...page,
        whole: await bytes(page.file, []),
        ownCode: await bytes(page.file, [only(page.own)])
      }))
    )
    const effectAlone = await bytes("clients/alone/effect.js", [])
    const [ours] = sizes
    if (ours === undefined) throw new Error("the list of pages is empty")
    const saved = await Promise.all(
      parts.map(async (part) => {
        const { gzipped } = await bytes(ours.file, [without(part)])
        return { name: part.name, saved: ours.whole.gzipped - gzipped }
      })
    )
    const sizeWithout = (part: string) => {
      const found = saved.find(({ name }) => name === part)
      if (found === undefined) throw new Error(`the list of parts has no ${part}`)
      return inBytes(ours.whole.gzipped - found.saved)
    }
    const table = (
      title: string,
      runs: (page: (typeof sizes)[number]) => number,
      bars: ReadonlyArray<Bar>
    ): Table => ({
      title,
      unit: "bytes",
      decimals: 0,
      reference: "graphql-request",
      rows: rowsOf(sizes, (page) => [runs(page)]),
      bars
    })
    return {
      tables: [
        table("Whole, gzipped", ({ whole }) => whole.gzipped, bars),
        table("Whole, minified", ({ whole }) => whole.minified, []),
        table("Own code, gzipped", ({ ownCode }) => ownCode.gzipped, []),
        table("Own code, minified", ({ ownCode }) => ownCode.minified, []),
        {
          title: "What a page would save without a part, gzipped",
          unit: "bytes",
          decimals: 0,
          reference: ours.name,
          rows: [
            { name: ours.name, runs: [ours.whole.gzipped] },
            ...saved.map(({ name, saved }) => ({ name, runs: [saved] }))
          ],
          bars: []
        }
      ],
      remarks: [
        `The target is ${inBytes(target)}, which the page of innerspace-metrics ${ours.whole.gzipped > target ? "does not meet" : "meets"} with ${inBytes(ours.whole.gzipped)}. The parts of Effect that it uses are ${inBytes(ours.whole.gzipped - ours.ownCode.gzipped)} of them. \`Effect.runPromise(Effect.void)\` alone is ${inBytes(effectAlone.gzipped)}. The last table shows what a page would save without some parts of the client's own code. Without all texts of errors it would have ${sizeWithout(allTexts)}. Without ${couldLoadLater}, it would have ${sizeWithout(couldLoadLater)}.`
      ]
    }
  }
}
