import { mergeConfig } from "vitest/config"
import { testProject } from "../vitest.shared.js"

// Most of a shard is waiting, so more of them run at a time than the machine has cores.
export default mergeConfig(testProject, { test: { pool: "forks", maxWorkers: 6 } })
