/**
 * Visits of the built page: a real browser, the page's own server, a sandbox behind it.
 */
import { assert } from "@effect/vitest"
import type * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import { Sandbox as SandboxTag, layer as sandboxLayer } from "@innerspace-metrics/sandbox/Sandbox"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core"
import { launchBrowser } from "../../../../tools/browser.mjs"
import * as PageServer from "../../dist/page/PageServer.js"
import * as PageSettings from "../../dist/page/PageSettings.js"

/** What all visits share. */
export class House extends Context.Tag("House")<
  House,
  { readonly browser: Browser; readonly address: string; readonly sandbox: Sandbox.Service }
>() {
  static readonly live = Layer.scoped(
    House,
    Effect.gen(function* () {
      const sandbox = yield* SandboxTag
      yield* PageServer.bundle
      const address = yield* PageServer.serve(PageSettings.fromSandbox(sandbox), 0)
      const browser = yield* Effect.acquireRelease(Effect.promise(launchBrowser), (browser) =>
        Effect.promise(() => browser.close())
      )
      return { browser, address, sandbox }
    })
  ).pipe(Layer.provide(sandboxLayer()))
}

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  readonly address: string
  readonly sandbox: Sandbox.Service
  /** Runs what the sandbox's control does. */
  readonly control: <A>(effect: Effect.Effect<A>) => Promise<A>
  /** Opens the page at a choice in its URL and signs in. */
  readonly signIn: (search?: string, person?: "manager" | "tenant") => Promise<void>
}

/**
 * A visit in a browser without a past. At its end the sandbox is repaired, and whatever the visit was about: the console had
 * no error, and no token or password was in the document, the storage, the URLs or the console.
 */
export const visit = (
  run: (visit: Visit) => Promise<void>,
  options: BrowserContextOptions = {}
): Effect.Effect<void, never, House> =>
  Effect.flatMap(House, ({ address, browser, sandbox }) =>
    Effect.acquireUseRelease(
      Effect.promise(() =>
        browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      ),
      (context) =>
        Effect.promise(async () => {
          const told: Array<string> = []
          const urls: Array<string> = []
          context.on("console", (message) => told.push(`${message.type()}: ${message.text()}`))
          context.on("weberror", (error) => told.push(`error: ${error.error().message}`))
          context.on("request", (request) => {
            if (request.isNavigationRequest()) urls.push(request.url())
          })
          const tokens = new Set<string>()
          context.on("response", (response) => {
            if (response.url() === `${sandbox.urls.login}/oauth/token`) {
              response.json().then(
                (answer) => noteTokens(tokens, answer),
                // The page may be gone before its answer has been read.
                () => undefined
              )
            }
          })
          const page = await context.newPage()
          page.on("framenavigated", (frame) => urls.push(frame.url()))
          await run({
            page,
            context,
            address,
            sandbox,
            control: Effect.runPromise,
            signIn: (search = "", person = "manager") =>
              signIn(page, address + search, sandbox.signIn.people[person])
          })
          assert.deepStrictEqual(told.filter(isUnexpected), [])
          const lines = [...told, ...urls.filter((url) => url.startsWith(address))]
          await assertNoSecret(context, lines, [...tokens])
        }),
      (context) =>
        Effect.zipRight(
          Effect.promise(() => context.close()),
          sandbox.control.reset
        )
    )
  )

const signIn = async (
  page: Page,
  url: string,
  { password, username }: Sandbox.Service["signIn"]["people"]["manager"]
): Promise<void> => {
  await page.goto(url)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByLabel("User name").fill(username)
  await page.getByLabel("Password").fill(Redacted.value(password))
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByRole("button", { name: "Sign out" }).waitFor()
}

/** The browser itself tells of each answer that is no success, and of a connection that fails. */
const isUnexpected = (line: string): boolean =>
  /^(?:error|warning):/.test(line) && !line.includes("Failed to load resource")

const noteTokens = (tokens: Set<string>, answer: unknown): void => {
  if (typeof answer !== "object" || answer === null) return
  for (const [name, value] of Object.entries(answer)) {
    if (name.endsWith("_token") && typeof value === "string") tokens.add(value)
  }
}

/** A JWT is two JSON objects in base64url, which begin so, and a signature. */
const secrets = /eyJ[\w-]+\.eyJ|see-everything|see-building-72/

const assertNoSecret = async (
  context: BrowserContext,
  lines: ReadonlyArray<string>,
  tokens: ReadonlyArray<string>
): Promise<void> => {
  const check = (text: string, where: string) => {
    assert.notMatch(text, secrets, where)
    for (const token of tokens) assert.notInclude(text, token, where)
  }
  for (const page of context.pages()) {
    const kept = await page.evaluate(() => ({
      document: document.documentElement.outerHTML,
      local: JSON.stringify(localStorage),
      session: JSON.stringify(sessionStorage),
      cookie: document.cookie
    }))
    for (const [where, text] of Object.entries(kept)) check(text, where)
    // The code of a sign-in has been taken out of the address.
    assert.notMatch(page.url(), /[?&](?:code|state)=/)
  }
  for (const line of lines) check(line, "console or address")
}
