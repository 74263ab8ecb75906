// Checks that the search of the built site finds a guide by the words that people look for.
//
//   node search.mjs

import { readdirSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import process from "node:process"

/** The page that must be among the first results of each word. */
const expected = {
  "/guide/warehouse": ["parquet", "cron", "incremental", "duckdb", "airflow", "airbyte", "singer"],
  "/guide/pages": ["tanstack", "react", "swr", "vue", "svelte", "hydration"],
  "/guide/v1-to-v2": ["migrate v2", "deprecated"],
  "/recipes": ["nightly", "completeness"],
  "/tables": ["occupancy_pos_mean", "ZONE_TYPE_INSIGHTS", "feature_value"]
}

/** The base path of the site, as in config.mts. */
const base = process.env.DOCS_BASE ?? ""

/** The number of results that a reader is assumed to look at. */
const first = 5

// The library with which VitePress searches, in the version that VitePress has installed.
const { default: MiniSearch } = await import(
  createRequire(import.meta.resolve("vitepress")).resolve("minisearch")
)

const chunks = join(import.meta.dirname, ".vitepress/dist/assets/chunks")
const file = readdirSync(chunks).find((name) => name.startsWith("@localSearchIndexroot"))
if (file === undefined) throw new Error(`${chunks} has no index: build the site first`)
const { default: json } = await import(join(chunks, file))

// The options of VitePress's search box, and `boostDocument` as in config.mts.
const index = MiniSearch.loadJSON(json, {
  fields: ["title", "titles", "text"],
  storeFields: ["title", "titles"],
  searchOptions: {
    fuzzy: 0.2,
    prefix: true,
    boost: { title: 4, text: 2, titles: 1 },
    boostDocument: (page) => (/\/(?:reference|examples)\//.test(page) ? 1 : 4)
  }
})

let problems = 0
for (const [page, words] of Object.entries(expected)) {
  for (const word of words) {
    const found = index.search(word).map(({ id }) => id.split("#")[0].slice(base.length))
    if (found.slice(0, first).includes(page)) continue
    problems++
    console.log(
      `A search for ${word} does not show ${page}, but ${found.slice(0, first).join(", ")}`
    )
  }
}
console.log(`search: ${Object.values(expected).flat().length} words, ${problems} problems`)
process.exitCode = problems === 0 ? 0 : 1
