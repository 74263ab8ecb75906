import { readFileSync } from "node:fs"
import { basename, dirname, extname, join } from "node:path"
import process from "node:process"
import { defineConfig, type MarkdownRenderer } from "vitepress"

type Token = ReturnType<MarkdownRenderer["parse"]>[number]

interface Contents {
  readonly name: string
  readonly directory: string
  readonly modules: ReadonlyArray<string>
}

/** The modules that reference.mjs found. */
const reference: ReadonlyArray<Contents> = JSON.parse(
  readFileSync(new URL("../reference/contents.json", import.meta.url), "utf8")
)

/** The examples that examples.mjs found. */
const examples: ReadonlyArray<string> = JSON.parse(
  readFileSync(new URL("../examples/contents.json", import.meta.url), "utf8")
)

const guide = (text: string, page: string) => ({ text, link: `/guide/${page}` })

/**
 * Guides link to the files of an example, which works on GitHub. On the site, the example has a page
 * with all of its files.
 */
const pageOfExample = (href: string): string => {
  const [, name] = fileOfExample.exec(href) ?? []
  if (name === undefined) return href
  return name === "README.md" ? "/examples/" : `/examples/${name}`
}

const fileOfExample = /^(?:\.\.\/)+examples\/([^/]+)(?:\/|$)/

/** A paragraph that is only a link to such a file: the path of the file. On the site it is the code. */
const fileAlone = (token: Token | undefined): string | undefined => {
  const [open, , close] = token?.children ?? []
  if (token?.children?.length !== 3 || open?.type !== "link_open" || close?.type !== "link_close") {
    return undefined
  }
  const href = open.attrGet("href") ?? ""
  return fileOfExample.test(href) ? href : undefined
}

export default defineConfig({
  title: "innerspace-metrics",
  description: "A TypeScript client for the InnerSpace metrics API",
  // The icon is empty, because browsers would request an icon if there were none.
  head: [["link", { rel: "icon", href: "data:," }]],
  srcExclude: ["**/node_modules/**"],
  cleanUrls: true,
  // The path of the site on its host, such as "/innerspace-metrics" on GitHub Pages.
  base: `${process.env["DOCS_BASE"] ?? ""}/`,
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  // Links to a server on this machine are not checked. All other links must work.
  ignoreDeadLinks: "localhostLinks",
  markdown: {
    // Braces in type names and rows are text, not templates.
    attrs: { disable: true },
    config: (md) => {
      md.core.ruler.push("links-to-examples", (state) => {
        state.tokens.forEach((token, index) => {
          const file = fileAlone(token)
          if (file !== undefined) {
            const code = new state.Token("fence", "code", 0)
            code.info = `${extname(file).slice(1)} [${basename(file)}]`
            code.content = readFileSync(join(dirname(state.env.path), file), "utf8")
            // The paragraph has one token before the link and one token after it, so this replaces
            // three tokens.
            state.tokens.splice(index - 1, 3, code)
          }
        })
        for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === "link_open" ? token.attrGet("href") : null
          if (href !== null) token.attrSet("href", pageOfExample(href))
        }
      })
    }
  },
  themeConfig: {
    search: {
      provider: "local",
      options: {
        miniSearch: {
          // A word of a guide often also occurs in a dozen pages of the reference, so guides get a
          // higher weight and come first.
          searchOptions: {
            boostDocument: (page) => (/\/(?:reference|examples)\//.test(page) ? 1 : 4)
          }
        }
      }
    },
    outline: [2, 3],
    nav: [
      { text: "Quick start", link: "/quick-start" },
      { text: "Guides", link: "/guide/login" },
      { text: "Recipes", link: "/recipes" },
      { text: "Examples", link: "/examples/" },
      { text: "Tables", link: "/tables" },
      { text: "Reference", link: "/reference/core/" }
    ],
    sidebar: [
      {
        text: "Start",
        items: [
          { text: "Quick start", link: "/quick-start" },
          { text: "Recipes", link: "/recipes" },
          { text: "Tables, columns, metrics", link: "/tables" },
          guide("From fetch, graphql-request or gql", "migrating"),
          guide("From v1 to v2", "v1-to-v2")
        ]
      },
      {
        text: "Guides",
        items: [
          guide("Which login do I need?", "which-login"),
          guide("Login", "login"),
          guide("Queries", "queries"),
          guide("React, Vue and Svelte", "pages"),
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
      {
        text: "Examples",
        collapsed: true,
        items: examples.map((name) => ({ text: name, link: `/examples/${name}` }))
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
