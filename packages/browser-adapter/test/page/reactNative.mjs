// A program with the globals of a React Native app that has polyfills for URL and TextDecoder. It
// prints what the promise client did.
//
//   node reactNative.mjs BASE_URL TOKEN

const [baseUrl, token] = process.argv.slice(2)

const missing = ["BroadcastChannel", "navigator", "structuredClone"]
for (const name of missing) Reflect.deleteProperty(globalThis, name)
for (const name of ["any", "timeout"]) Reflect.deleteProperty(AbortSignal, name)
// Node does not allow a program to delete these two properties of Symbol, so a copy of Symbol
// without them replaces it.
const { asyncDispose: _, dispose: _dispose, ...symbols } = Object.getOwnPropertyDescriptors(Symbol)
const NodeSymbol = Symbol
globalThis.Symbol = Object.defineProperties((name) => NodeSymbol(name), symbols)
const { fetch } = globalThis
globalThis.fetch = async (url, options) => {
  const response = await fetch(url, options)
  // A response of React Native has no `body`, which would be a stream.
  return {
    status: response.status,
    ok: response.ok,
    headers: response.headers,
    text: () => response.text(),
    arrayBuffer: () => response.arrayBuffer()
  }
}

const { fromCallback } = await import("@innerspace-metrics/browser-adapter/BrowserTokenProvider")
const { createMetricsClient } = await import("@innerspace-metrics/browser-adapter/promise")
const Query = await import("@innerspace-metrics/core/Query")
const TimeRange = await import("@innerspace-metrics/core/TimeRange")
const { building_metrics } = await import("@innerspace-metrics/core/v1")

const metrics = createMetricsClient({ api: "v1", baseUrl, token: fromCallback(async () => token) })
const hours = Query.from(building_metrics, {
  select: ["date_time_start", "metric_value"],
  where: {
    building_id: 71,
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.month("2024-03", "America/Chicago")
  }
})

const queried = (await metrics.query(hours)).length
let streamed = 0
for await (const _ of metrics.stream(hours, { pageSize: 200 })) streamed++
const controller = new AbortController()
const cancelled = metrics.query(hours, { signal: controller.signal }).catch((error) => error)
controller.abort("not wanted")
const result = { queried, streamed, cancelled: await cancelled, names: Object.keys(metrics).sort() }
await metrics.close()
console.log(JSON.stringify(result))
