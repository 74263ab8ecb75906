/** Fails for a mutant that keeps a source from loading, because then no other test can fail. */
import { fileURLToPath } from "node:url"
import { it } from "@effect/vitest"

const sources = (process.env["MUTATION_SOURCES"] ?? "").split(",")

it.each(sources)(
  "%s loads",
  (source) => import(fileURLToPath(new URL(`../src/${source}.ts`, import.meta.url)))
)
