/**
 * Tests the floor page without a browser, with a person's token from the sandbox and the HTML that
 * React renders.
 */
import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import type { PromiseClient } from "@innerspace-metrics/core"
import { Sandbox } from "@innerspace-metrics/sandbox"
import { QueryClient, QueryClientProvider, QueryObserver } from "@tanstack/react-query"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import { createElement } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { afterAll, assert, beforeAll, it } from "vitest"
import { FloorWeek } from "../dist/floor-page/FloorWeek.js"
import { lastWeekOptions } from "../dist/floor-page/floor.js"

// This file has its own sandbox, because other files inject faults into the shared sandbox.
const runtime = ManagedRuntime.make(Sandbox.layer())
let sandbox: Sandbox.Service

beforeAll(async () => {
  sandbox = await runtime.runPromise(Sandbox.Sandbox)
  // Last week is published at 02:00 on Monday, and this test can run before that.
  await runtime.runPromise(sandbox.control.advance("2 hours"))
})

afterAll(() => runtime.dispose())

/** The access token of a person who sees only building 72, as the page gets it from the sign-in. */
const token = async (): Promise<string> =>
  Redacted.value(
    await runtime.runPromise(sandbox.control.issueToken({ username: "tom@example.com" }))
  )

const nobody = async () => undefined

const withMetrics = async <A>(
  token: () => Promise<string | undefined>,
  use: (metrics: PromiseClient.PromiseMetricsClient) => Promise<A>
): Promise<A> => {
  const metrics = createMetricsClient({
    api: "v2",
    baseUrl: sandbox.urls.v2,
    token: BrowserTokenProvider.fromCallback(token)
  })
  try {
    return await use(metrics)
  } finally {
    await metrics.close()
  }
}

const floorOf = (siteId: number) => ({ siteId, zone: "Europe/Berlin" })

/** Returns the HTML of the page after its query has ended. */
const html = (siteId: number): Promise<string> =>
  withMetrics(token, async (metrics) => {
    const client = new QueryClient()
    await client.prefetchQuery(lastWeekOptions(metrics, floorOf(siteId)))
    const props = { metrics, floor: floorOf(siteId), onSignIn: () => {} }
    return renderToStaticMarkup(
      createElement(QueryClientProvider, { client }, createElement(FloorWeek, props))
    )
  })

it("floor-page shows the zones of a floor by their names", async () => {
  const rows = [...(await html(100000721)).matchAll(/<th>([^<]+)<\/th><td>\d+\.\d<\/td>/g)]
  assert.deepStrictEqual(
    rows.map(([, name]) => name),
    ["Lounge 1.4", "Meeting Room 1.2", "Meeting Room 1.3", "Open Desks 1.1"]
  )
})

it("floor-page says what it means that a floor has no rows", async () => {
  assert.include(await html(100000711), "you may not see this floor")
})

it("floor-page refetches each hour, and stops after an error", async () => {
  const interval = (token: () => Promise<string | undefined>) =>
    withMetrics(token, async (metrics) => {
      const options = lastWeekOptions(metrics, floorOf(100000721))
      const observer = new QueryObserver(new QueryClient(), options)
      await observer.refetch()
      const { refetchInterval } = options
      return typeof refetchInterval === "function"
        ? refetchInterval(observer.getCurrentQuery())
        : refetchInterval
    })
  assert.strictEqual(await interval(token), 3_600_000)
  assert.isFalse(await interval(nobody))
})
