import { mergeConfig } from "vitest/config"
import { testProject } from "../vitest.shared.js"

// A process of its own for each file, because a cell looks at what its process still holds.
export default mergeConfig(testProject, { test: { pool: "forks", isolate: true } })
