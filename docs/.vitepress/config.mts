import { readFileSync } from "node:fs"
import { defineConfig } from "vitepress"

interface Contents {
  readonly name: string
  readonly directory: string
  readonly modules: ReadonlyArray<string>
}

/** The modules that reference.mjs found. */
const reference: ReadonlyArray<Contents> = JSON.parse(
  readFileSync(new URL("../reference/contents.json", import.meta.url), "utf8")
)

const guide = (text: string, page: string) => ({ text, link: `/guide/${page}` })

export default defineConfig({
  title: "innerspace-metrics",
  description: "A TypeScript client for the InnerSpace metrics API",
  // An empty icon, because browsers would request a missing one.
  head: [["link", { rel: "icon", href: "data:," }]],
  srcExclude: ["**/node_modules/**"],
  cleanUrls: true,
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  // Links to a server on this machine are not checked. All other links must work.
  ignoreDeadLinks: "localhostLinks",
  // Braces in type names and rows are text, not templates.
  markdown: { attrs: { disable: true } },
  themeConfig: {
    search: {
      provider: "local",
      options: {
        miniSearch: {
          // A word that is in a guide is in a dozen options of the reference too; the guide comes first.
          searchOptions: { boostDocument: (page) => (page.startsWith("/reference/") ? 1 : 4) }
        }
      }
    },
    outline: [2, 3],
    nav: [
      { text: "Quick start", link: "/quick-start" },
      { text: "Guides", link: "/guide/login" },
      { text: "Reference", link: "/reference/core/" }
    ],
    sidebar: [
      {
        text: "Start",
        items: [
          { text: "Quick start", link: "/quick-start" },
          { text: "Examples", link: "/examples" },
          guide("From fetch, graphql-request or gql", "migrating")
        ]
      },
      {
        text: "Guides",
        items: [
          guide("Which login do I need?", "which-login"),
          guide("Login", "login"),
          guide("Queries", "queries"),
          guide("Time and zones", "time"),
          guide("Streams and plans", "streams"),
          guide("Into a warehouse", "warehouse"),
          guide("Command line", "command-line"),
          guide("Errors", "errors"),
          guide("Retries and deadlines", "retries"),
          guide("Testing your app", "testing"),
          guide("OpenTelemetry", "opentelemetry"),
          guide("Runtimes and bundlers", "runtimes"),
          guide("Unknowns of the API", "unknowns")
        ]
      },
      ...reference.map(({ directory, modules, name }) => ({
        text: name,
        collapsed: true,
        items: modules.map((module) => ({
          text: module,
          link: `/reference/${directory}/${module}`
        }))
      }))
    ]
  }
})
