import { assert, layer } from "@effect/vitest"
import { Fault } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { freshPage, freshSandbox, inPage, placeOf, TestLive } from "./support/browser.js"

/** The faults of the sandbox, by the error that they cause in a call. */
const failures = (token: string): Readonly<Record<string, Fault.Fault>> => {
  const always = { target: "graphql", times: 10 } as const
  return {
    "AuthError TokenRefused": Fault.unauthorized(always),
    "ResponseError RateLimited": Fault.rateLimited({ ...always, retryAfter: 90 }),
    "ResponseError Unavailable": Fault.unavailable(always),
    "ResponseError NotJson": Fault.html(always),
    "ResponseError TooLarge": Fault.hugeBody({ ...always, bytes: 1_000_000 }),
    "ResponseError Redirected": Fault.answer({
      ...always,
      status: 307,
      headers: { location: `/?${token}` },
      body: token
    }),
    "ResponseError UnexpectedStatus": Fault.answer({
      ...always,
      status: 400,
      body: JSON.stringify({ seen: `Bearer ${token}` })
    }),
    "GraphQLError PermissionDenied": Fault.graphqlError({
      ...always,
      code: "access-denied",
      message: `not with ${token}`
    }),
    "TransportError ConnectionLost": Fault.cutBody(always),
    "TransportError Unreachable": Fault.withoutCors(always),
    "TransportError Timeout": Fault.stallBody(always)
  }
}

layer(TestLive, { excludeTestServices: true, timeout: "2 minutes" })("a token", (it) => {
  it.scoped("no token is in a printed error or anywhere in the page", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const page = yield* freshPage
      const told: Array<string> = []
      page.on("console", (message) => told.push(message.text()))
      page.on("pageerror", (error) => told.push(String(error.stack)))
      const place = placeOf(sandbox)
      const token = yield* inPage(page, (place) => app.issueToken(place), place)
      const seen: Array<string> = []
      // Only the call that must time out has a short timeout, because on a busy machine the other
      // calls would time out too.
      const fail = (token: string, timeout: "1 second" | "30 seconds") =>
        inPage(
          page,
          async ([place, token, timeout]) => {
            const error = await app
              .client(
                place,
                app.BrowserTokenProvider.fromCallback(async () => token),
                { retry: app.RetryPolicy.none, maxBodySize: 100_000, timeout }
              )
              .query(app.query)
              .then(
                () => new Error("it did not fail"),
                (error: unknown) => error
              )
            return { name: app.nameOf(error), shown: app.everythingOf(error) }
          },
          [place, token, timeout] as const
        )
      for (const [expected, fault] of Object.entries(failures(token))) {
        yield* sandbox.control.clearFaults
        yield* sandbox.control.inject(fault)
        const { name, shown } = yield* fail(
          token,
          expected === "TransportError Timeout" ? "1 second" : "30 seconds"
        )
        seen.push(name)
        for (const text of shown) assert.notInclude(text, token, name)
        assert.isAbove(shown.length, 10, name)
      }
      assert.deepStrictEqual(seen, Object.keys(failures(token)))
      const places = yield* inPage(
        page,
        async () => [
          document.documentElement.outerHTML,
          JSON.stringify([localStorage, sessionStorage, await indexedDB.databases()]),
          document.cookie,
          location.href,
          JSON.stringify(history.state),
          ...performance.getEntries().map((entry) => JSON.stringify(entry))
        ],
        undefined
      )
      for (const text of [...places, ...told]) assert.notInclude(text, token)
      assert.isNotEmpty(told)
    })
  )
})
