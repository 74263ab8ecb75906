import { mergeConfig } from "vitest/config"
import { testProject } from "../vitest.shared.js"

// Each file runs in its own process, because a cell of the matrix checks the resources that its
// process still holds.
export default mergeConfig(testProject, { test: { pool: "forks", isolate: true } })
