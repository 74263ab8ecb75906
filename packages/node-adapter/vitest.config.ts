import { mergeConfig } from "vitest/config"
import { testProject } from "../../vitest.shared.js"

// A process of its own for each file, because some replace functions of Node or its settings.
export default mergeConfig(testProject, { test: { isolate: true } })
