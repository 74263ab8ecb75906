/** The section about the size that a client adds to a page. */
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { build, type Metafile, type Plugin } from "esbuild"
import { generateGenql } from "../measurement/genql.js"
import type { Bar, Table } from "../measurement/results.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
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

/** The size of the first page without the client's own code. */
const foundation = ([page]: ReadonlyArray<{
  readonly whole: { readonly gzipped: number }
  readonly ownCode: { readonly gzipped: number }
}>): string =>
  page === undefined ? "?" : (page.whole.gzipped - page.ownCode.gzipped).toLocaleString("en-US")

const bars: ReadonlyArray<Bar> = [
  { row: "innerspace-metrics", against: "Effect HttpClient on fetch", atMost: 1 },
  { row: "innerspace-metrics", against: "@apollo/client", atMost: 1 }
]

export const bundle: Section = {
  name: "bundle",
  title: "Browser bundle",
  text: `The size of a page that sends the vendor's documented query, bundled and minified by esbuild for es2022 and compressed by gzip -9. What a page loads later, by \`import()\`, does not count. "Own code" is the same page with the client's own packages only: for innerspace-metrics without \`effect\`, \`@effect/platform\` and \`graphql\`. The page of
innerspace-metrics renews the token of the signed-in person, which the pages of the peers do not. The code that genql generates is its own and
grows with the schema.`,
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
        table("Own code, minified", ({ ownCode }) => ownCode.minified, [])
      ],
      remarks: [
        `Without its own code the page of innerspace-metrics is ${foundation(sizes)} bytes, gzipped. That size is the parts of Effect that it uses, and a page written with Effect loads them anyway. No target below that size can be met. \`Effect.runPromise(Effect.void)\` alone is ${effectAlone.gzipped.toLocaleString("en-US")} bytes.`
      ]
    }
  }
}
