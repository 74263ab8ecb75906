import { mergeConfig } from "vitest/config"
import { testProject } from "../../vitest.shared.js"

export default mergeConfig(testProject, {
  test: {
    server: {
      deps: {
        // Node loads the built packages, as it does for users. Loaded by Vite, graphql would be there twice: as the module
        // that Vite picks, and as the one that packages in node_modules import.
        external: [/\/packages\/[^/]+\/dist\//]
      }
    }
  }
})
