// Runs the same checks in every runtime against one sandbox, and writes the page about runtimes in
// the documentation.
//
//   node runtimes/matrix.mjs               all runtimes, and writes the page
//   node runtimes/matrix.mjs --check       all runtimes, and fails if the page is not up to date
//   node runtimes/matrix.mjs Bun Deno      only these, and writes nothing

import { argv, exit, stdout } from "node:process"
import setup from "@innerspace-metrics/sandbox/vitest"
import { runtimes } from "./run/list.mjs"
import { isUpToDate, writePage } from "./run/page.mjs"
import { Skip } from "./run/skip.mjs"

const names = argv.slice(2).filter((name) => !name.startsWith("--"))
const isCheck = argv.includes("--check")
const unknown = names.filter((name) => !runtimes.some((runtime) => runtime.name === name))
if (unknown.length > 0) {
  console.error(
    `There is no runtime "${unknown[0]}". Use one of ${runtimes.map(({ name }) => name).join(", ")}.`
  )
  exit(1)
}

const stop = await setup()
const settings = {
  clientId: process.env.INNERSPACE_CLIENT_ID,
  clientSecret: process.env.INNERSPACE_CLIENT_SECRET,
  urls: {
    v1: process.env.INNERSPACE_SANDBOX_V1_URL,
    "v1.5": process.env.INNERSPACE_SANDBOX_V1_5_URL,
    v2: process.env.INNERSPACE_SANDBOX_V2_URL
  }
}

const reports = []
for (const { adapter, name, run } of runtimes) {
  if (names.length > 0 && !names.includes(name)) continue
  stdout.write(`${name}: `)
  reports.push({ name, adapter, ...(await report(run)) })
}
await stop()

const failed = reports.filter(hasFailed)
if (names.length === 0 && isCheck && !isUpToDate(reports)) {
  console.error(
    "docs/guide/runtimes.md is not what the matrix found. Run: node runtimes/matrix.mjs"
  )
  exit(1)
}
if (names.length === 0 && !isCheck && failed.length === 0) writePage(reports)
console.log(`${reports.length} runtimes, ${failed.length} failed`)
exit(failed.length === 0 ? 0 : 1)

async function report(run) {
  try {
    const found = await run(settings)
    const wrong = found.results.filter(({ error }) => error !== undefined)
    console.log(`${found.version}, ${found.results.length} checks, ${wrong.length} failed`)
    for (const { error, group, title } of wrong) console.log(`  ${group}: ${title}\n    ${error}`)
    return found
  } catch (error) {
    const isSkipped = error instanceof Skip
    console.log(isSkipped ? `skipped. ${error.message}` : `failed. ${error.stack}`)
    return isSkipped ? { skipped: error.message } : { failure: String(error) }
  }
}

function hasFailed({ failure, results = [] }) {
  return failure !== undefined || results.some(({ error }) => error !== undefined)
}
