// Finds the programs in the documents. A project runs each program whose packages are installed in
// the project.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../environment.mjs"
import { fencedBlocks } from "../examples/blocks.mjs"

const documents = ["README.md", "packages/core/README.md", "packages/node-adapter/README.md"]

/** TypeScript examples for a project with these packages. `isProgram` marks the examples to run. */
export function programs(names) {
  const fromDocuments = documents.flatMap((file) => {
    const lines = readFileSync(join(root, file), "utf8").split("\n")
    return fencedBlocks(lines.map((text, index) => ({ text, line: index + 1, column: 0 })))
      .filter(({ info }) => info === "ts run")
      .map(({ lines, line }) => ({
        name: `${file.replace(/\/?README\.md$/, "").replace(/.*\//, "") || "readme"}-line-${line}`,
        text: lines.map(({ text }) => text).join("\n"),
        isProgram: true
      }))
  })
  const own = [
    { name: "page", text: pageText, isProgram: false },
    { name: "sandbox", text: sandbox, isProgram: true }
  ]
  return [...fromDocuments, ...own].filter(({ text }) =>
    [...text.matchAll(/from "(@innerspace-metrics\/[^/"]+)/g)].every(([, name]) =>
      names.includes(name)
    )
  )
}

/**
 * A page that reads the token and the API's URL from the part of its address after `#`, and shows
 * the result in its title.
 */
export const pageText = `
import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import { Api, Query } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"

const settings = new URLSearchParams(location.hash.slice(1))
const metrics = createMetricsClient({
  api: Api.withBaseUrl(Api.v1, settings.get("api") ?? ""),
  token: BrowserTokenProvider.fromCallback(async () => settings.get("token") ?? undefined)
})
metrics
  .query(
    Query.from(building_metrics, {
      select: ["metric_value"],
      where: {
        building_id: 71,
        metric_name: "occupancy_mean",
        granularity: "PT1H",
        group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
      },
      limit: 24
    })
  )
  .then(
    (rows) => {
      document.title = \`\${rows.length} rows\`
    },
    (error: unknown) => {
      document.title = String(error)
    }
  )
`

const sandbox = `
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"

console.log(typeof Sandbox.layer, typeof Fault.unauthorized)
`
