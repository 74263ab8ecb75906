/** Starts a real Chromium, and opens pages that run the adapter. */
import { createServer } from "node:http"
import { join } from "node:path"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { build } from "esbuild"
import type { Browser, BrowserContext, Page, Route } from "playwright-core"
import { launchBrowser } from "../../../../tools/browser.mjs"
import type { Place } from "../page/app.js"

/** The browser, and the address of the site whose pages run the adapter. */
export class Site extends Context.Tag("test/Site")<
  Site,
  { readonly browser: Browser; readonly url: string }
>() {}

const bundle = Effect.promise(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "../page/app.ts")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    write: false
  })
  return outputFiles[0]?.text ?? ""
})

const html = `<!doctype html><title>test</title><link rel="icon" href="data:,">
<script type="module" src="/app.js"></script>`

const site = Effect.gen(function* () {
  const script = yield* bundle
  const server = createServer((request, response) => {
    const isScript = request.url === "/app.js"
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html")
    response.end(isScript ? script : html)
  })
  yield* Effect.acquireRelease(
    Effect.async<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () => Effect.sync(() => server.close().closeAllConnections())
  )
  const address = server.address()
  const port = typeof address === "object" ? address?.port : undefined
  const browser = yield* Effect.acquireRelease(Effect.promise(launchBrowser), (browser) =>
    Effect.promise(() => browser.close())
  )
  return { browser, url: `http://localhost:${port}/` }
})

/** The sandbox and the site, for all tests of a file. */
export const TestLive = Layer.merge(Layer.scoped(Site, site), Sandbox.layer())

/** The sandbox, reset to its initial state. */
export const freshSandbox: Effect.Effect<Sandbox.Service, never, Sandbox.Sandbox> = Effect.tap(
  Sandbox.Sandbox,
  (sandbox) => sandbox.control.reset
)

/** Opens a new browser profile. It is closed with the scope. */
export const openContext: Effect.Effect<BrowserContext, never, Site | Scope.Scope> = Effect.flatMap(
  Site,
  ({ browser }) =>
    Effect.acquireRelease(
      Effect.promise(() => browser.newContext()),
      (context) => Effect.promise(() => context.close())
    )
)

/** Opens a page of the site, and waits until `app` is loaded. */
export const openPage = (context: BrowserContext): Effect.Effect<Page, never, Site> =>
  Effect.flatMap(Site, ({ url }) =>
    Effect.promise(async () => {
      const page = await context.newPage()
      await page.goto(url)
      await page.waitForFunction(() => globalThis.app !== undefined)
      return page
    })
  )

/** Opens a page in a new browser profile. */
export const freshPage: Effect.Effect<Page, never, Site | Scope.Scope> = Effect.flatMap(
  openContext,
  openPage
)

/** Runs a function in the page. */
export const inPage = <A, Result>(
  page: Page,
  body: (argument: A) => Result | Promise<Result>,
  argument: A
): Effect.Effect<Result> =>
  // The casts are right because tests send only JSON. Playwright's types describe JSON.
  Effect.promise(() => page.evaluate(body as never, argument as never) as Promise<Result>)

/** The addresses of the sandbox's v1, without `remote`, and the sandbox's credentials. */
export const placeOf = (sandbox: Sandbox.Service): Place => ({
  api: sandbox.urls.v1,
  tokens: sandbox.urls.v1,
  clientId: sandbox.clientId,
  clientSecret: Redacted.value(sandbox.clientSecret)
})

/** Sends a query with the client that a page has, whose callback gets a token from the sandbox. */
export const query = (page: Page, place: Place) =>
  inPage(
    page,
    (place) => {
      app.metrics ??= app.client(
        place,
        app.BrowserTokenProvider.fromCallback(() => app.issueToken(place))
      )
      return app.outcome(app.metrics.query(app.query))
    },
    place
  )

/**
 * Starts a query with a new client, and keeps the promise of the outcome as `outcome` in
 * `app.kept`.
 */
export const beginQuery = (page: Page, place: Place) =>
  inPage(
    page,
    (place) => {
      const client = app.client(
        place,
        app.BrowserTokenProvider.fromCallback(() => app.issueToken(place))
      )
      app.kept.set("outcome", app.outcome(client.query(app.query)))
    },
    place
  )

/** An address of another machine. `serveRemote` sends its requests to the sandbox. */
export const remote = "https://metrics.example"

/** Makes the sandbox respond to the requests to `remote`. */
export const serveRemote = (
  context: BrowserContext,
  sandbox: Sandbox.Service
): Effect.Effect<void> =>
  Effect.promise(() =>
    context.route(`${remote}/**`, async (route: Route) => {
      const response = await route.fetch({
        url: route.request().url().replace(remote, sandbox.urls.v1)
      })
      await route.fulfill({ response })
    })
  )

/**
 * Disconnects `remote`, and returns an effect that reconnects it. `setOffline` is not enough,
 * because Playwright's routes work offline too.
 */
export const takeOffline = (context: BrowserContext): Effect.Effect<Effect.Effect<void>> =>
  Effect.promise(async () => {
    const abort = (route: Route) => route.abort("internetdisconnected")
    await context.route(`${remote}/**`, abort)
    await context.setOffline(true)
    return Effect.promise(async () => {
      await context.unroute(`${remote}/**`, abort)
      await context.setOffline(false)
    })
  })

/** The number of requests that the sandbox got. */
export const counts = (
  sandbox: Sandbox.Service
): Effect.Effect<{ readonly token: number; readonly graphql: number }> =>
  Effect.map(sandbox.control.requests, (requests) => ({
    token: requests.filter(({ kind }) => kind === "token").length,
    graphql: requests.filter(({ kind }) => kind === "graphql").length
  }))
