import { defineConfig, mergeConfig } from "vitest/config"
import { testProject } from "../vitest.shared.js"

/** The tests of all examples share one sandbox. */
export default mergeConfig(
  testProject,
  defineConfig({ test: { globalSetup: "@innerspace-metrics/sandbox/vitest" } })
)
