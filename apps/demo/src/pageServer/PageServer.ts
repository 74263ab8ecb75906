/** Builds the web page and serves it on this machine, as long as the scope is open. */
import { fileURLToPath } from "node:url"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Plugin, PreviewServer } from "vite"
import type { PageSettings } from "./PageSettings.js"

/** The error for a page that cannot be built, or a port that is not available. */
export class PageError extends Data.TaggedError("PageError")<{ readonly message: string }> {}

const configFile = fileURLToPath(new URL("../../vite.config.ts", import.meta.url))

/** Bundles the page into `dist/site`. */
export const bundle: Effect.Effect<void, PageError> = Effect.asVoid(
  attempt(
    async ({ build }) => build({ configFile, logLevel: "warn" }),
    "The page could not be built"
  )
)

/** Serves the bundle at the next free port, and returns its address. */
export const serve = (
  settings: PageSettings,
  port: number
): Effect.Effect<string, PageError, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      attempt(
        ({ preview }) =>
          preview({
            configFile,
            logLevel: "warn",
            plugins: [settingsFile(settings)],
            // The page must be at localhost, as the sign-in is. For browsers, 127.0.0.1 is another
            // site, so a silent sign-in from there would send no cookies.
            preview: { host: "localhost", port, headers: headersFor(settings) }
          }),
        "The page could not be served"
      ),
      (server) => Effect.promise(() => server.close())
    ),
    (server) => server.resolvedUrls?.local[0] ?? ""
  )

/** Loads Vite only when a page is needed, because it loads slowly. */
function attempt<A>(
  run: (vite: typeof import("vite")) => Promise<A>,
  what: string
): Effect.Effect<A, PageError> {
  return Effect.tryPromise({
    try: async () => run(await import("vite")),
    catch: (cause) =>
      new PageError({
        message: `${what}: ${cause instanceof Error ? cause.message : String(cause)}`
      })
  })
}

/**
 * Serves `settings.json`. This file is not part of the build, because the ports of the sandbox are
 * known only at run time.
 */
const settingsFile = (settings: PageSettings): Plugin => ({
  name: "settings-file",
  configurePreviewServer: ({ middlewares }: PreviewServer) => {
    middlewares.use("/settings.json", (_request, response) => {
      response.setHeader("content-type", "application/json")
      response.end(JSON.stringify(settings))
    })
  }
})

/**
 * The page may load files only from its own server, and send requests only to the API and the
 * sign-in.
 */
const headersFor = ({ auth0, sandbox, urls }: PageSettings): Record<string, string> => {
  const login = /^https?:\/\//.test(auth0.domain) ? auth0.domain : `https://${auth0.domain}`
  const api = [urls.v1, urls["v1.5"], login, ...(sandbox === undefined ? [] : [sandbox.controlUrl])]
  return {
    "content-security-policy": [
      "default-src 'self'",
      `connect-src 'self' ${[...new Set(api)].join(" ")}`,
      `frame-src ${login}`,
      // auth0-spa-js starts its worker from a blob, and figures are drawn with inline styles.
      "worker-src blob:",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "frame-ancestors 'none'",
      "base-uri 'none'"
    ].join("; "),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff"
  }
}
