/** The size that a client adds to a page. */
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { build, type Plugin } from "esbuild"
import { generateGenql } from "../measurement/genql.js"
import type { Bar, Table } from "../measurement/results.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
import { pages } from "./programs.js"

const directory = fileURLToPath(new URL("..", import.meta.url))

/** Leaves out the packages that are not the client's own. */
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

const bytes = async (file: string, plugins: ReadonlyArray<Plugin>) => {
  const { outputFiles } = await build({
    entryPoints: [`${directory}${file}`],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
    plugins: [...plugins]
  })
  const text = outputFiles.map(({ text }) => text).join("")
  return { minified: Buffer.byteLength(text), gzipped: gzipSync(text, { level: 9 }).length }
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
  text: `The size of a page that sends the vendor's documented query, bundled and minified by esbuild for es2022 and compressed by gzip -9. "Own code" is the same page with the client's own packages only: for innerspace-metrics without \`effect\`, \`@effect/platform\` and \`graphql\`. The page of
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
        `Without its own code the page of innerspace-metrics is ${foundation(sizes)} bytes, gzipped. That size is the parts of Effect that it uses, and a page written with Effect loads them anyway. No target below that size can be met.`
      ]
    }
  }
}
