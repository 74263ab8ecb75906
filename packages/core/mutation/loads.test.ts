/** A mutant with which a source does not load leaves no test to fail: this one does. */
import { fileURLToPath } from "node:url"
import { it } from "@effect/vitest"

const sources = (process.env["MUTATION_SOURCES"] ?? "").split(",")

it.each(sources)(
  "%s loads",
  (source) => import(fileURLToPath(new URL(`../src/${source}.ts`, import.meta.url)))
)
