/** Visits the built page with a real browser, the page's own server and a sandbox. */
import { assert } from "@effect/vitest"
import type * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import { Sandbox as SandboxTag, layer as sandboxLayer } from "@innerspace-metrics/sandbox/Sandbox"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core"
import { launchBrowser } from "../../../../tools/browser.mjs"
import * as PageServer from "../../dist/pageServer/PageServer.js"
import * as PageSettings from "../../dist/pageServer/PageSettings.js"
import * as Secrets from "./Secrets.js"
import { closeTables, loaded } from "./visits/reading.js"

/** The browser, the page's address and the sandbox, which all visits share. */
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
  ).pipe(Layer.provide(sandboxLayer({ today: "2025-06-30" })))
}

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  readonly address: string
  readonly sandbox: Sandbox.Service
  /** Runs an effect of the sandbox's control. */
  readonly control: <A>(effect: Effect.Effect<A>) => Promise<A>
  readonly secrets: Secrets.Secrets
  /** Opens the page with choices in its URL, such as a month, and signs in. */
  readonly signIn: (search?: string, person?: "manager" | "tenant") => Promise<void>
  /**
   * Fails if the console has an error, or if the document, the storage, a URL or the console
   * contains a token or password.
   */
  readonly assertClean: () => Promise<void>
}

/**
 * A visit in a new browser context. At its end the visit must be clean, and the sandbox is reset.
 */
export const visit = (
  run: (visit: Visit) => Promise<void>,
  options: BrowserContextOptions = {}
): Effect.Effect<void, never, House> =>
  Effect.scoped(
    Effect.flatMap(begin(options), (visit) =>
      Effect.promise(async () => {
        await run(visit)
        await visit.assertClean()
      })
    )
  )

/**
 * One visit for many tests, signed in and with its figures loaded, because the start of a visit
 * takes longer than most tests.
 */
export class SharedVisit extends Context.Tag("SharedVisit")<SharedVisit, Visit>() {
  static readonly live = Layer.scoped(
    SharedVisit,
    Effect.tap(begin({}), (visit) =>
      Effect.promise(async () => {
        await visit.signIn()
        await loaded(visit.page)
      })
    )
  )
}

/**
 * Runs a part of the shared visit. The part starts with a figure in every panel, and its faults are
 * removed at its end.
 */
export const partOfVisit = (
  run: (visit: Visit) => Promise<void>
): Effect.Effect<void, never, SharedVisit> =>
  Effect.flatMap(SharedVisit, (visit) =>
    Effect.promise(async () => {
      await closeTables(visit.page)
      await run(visit)
      await visit.assertClean()
    }).pipe(Effect.ensuring(visit.sandbox.control.clearFaults))
  )

function begin(options: BrowserContextOptions): Effect.Effect<Visit, never, House | Scope.Scope> {
  return Effect.gen(function* () {
    const { address, browser, sandbox } = yield* House
    yield* Effect.addFinalizer(() => sandbox.control.reset)
    const context = yield* Effect.acquireRelease(
      Effect.promise(() =>
        browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      ),
      (context) => Effect.promise(() => context.close())
    )
    const told: Array<string> = []
    const urls: Array<string> = []
    context.on("console", (message) => told.push(`${message.type()}: ${message.text()}`))
    context.on("weberror", (error) => told.push(`error: ${error.error().message}`))
    context.on("request", (request) => {
      if (request.isNavigationRequest()) urls.push(request.url())
    })
    const secrets = yield* Effect.promise(() => Secrets.collect(context, sandbox.urls.login))
    const page = yield* Effect.promise(() => context.newPage())
    page.on("framenavigated", (frame) => urls.push(frame.url()))
    return {
      page,
      context,
      address,
      sandbox,
      secrets,
      control: Effect.runPromise,
      signIn: (search = "", person = "manager") =>
        signIn(page, address + search, sandbox.signIn.people[person]),
      assertClean: async () => {
        assert.deepStrictEqual(told.filter(isUnexpected), [])
        await secrets.assertNowhere()
        // After a sign-in, the address contains the authorization code until the page removes it.
        for (const url of urls.map(withoutCode))
          if (url.startsWith(address)) secrets.assertNotIn(url, "an address")
        for (const line of told) secrets.assertNotIn(line, "the console")
      }
    }
  })
}

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

/** The browser itself logs each error status and each failed connection. */
const isUnexpected = (line: string): boolean =>
  /^(?:error|warning):/.test(line) && !line.includes("Failed to load resource")

const withoutCode = (url: string): string => url.replace(/([?&]code=)[^&#]*/, "$1")
