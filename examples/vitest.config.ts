import { defineConfig, mergeConfig } from "vitest/config"
import { testProject } from "../vitest.shared.js"

/** One sandbox for all examples. */
export default mergeConfig(
  testProject,
  defineConfig({ test: { globalSetup: "@innerspace-metrics/sandbox/vitest" } })
)
