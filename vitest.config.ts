import { defineConfig } from "vitest/config"

/** Runs the tests of all packages together, so that all test files share the processes. */
export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "examples", "reliability"],
    // A test waits most of its time, so there are more processes than a small machine has cores.
    maxWorkers: 4,
    reporters: ["default", ["json", { outputFile: ".vitest/report.json" }]]
  }
})
