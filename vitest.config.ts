import { defineConfig } from "vitest/config"

/** One runner for the tests of all packages, so that their files share the processes. */
export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "examples", "reliability"],
    // Much of a test is waiting, so more of them run at a time than a small machine has cores.
    maxWorkers: 4,
    reporters: ["default", ["json", { outputFile: ".vitest/report.json" }]]
  }
})
