import { defineConfig } from "vitest/config"

/** What every package's tests share. They run against the built files, as users do. */
export const testProject = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", ["json", { outputFile: ".vitest/report.json" }]]
  }
})
