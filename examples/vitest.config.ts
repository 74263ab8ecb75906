import { defineConfig, mergeConfig } from "vitest/config"
import { testProject } from "../vitest.shared.js"

/** One sandbox for all examples. The tests read its log, so they run one after the other. */
export default mergeConfig(
  testProject,
  defineConfig({
    test: { globalSetup: "@innerspace-metrics/sandbox/vitest", fileParallelism: false }
  })
)
