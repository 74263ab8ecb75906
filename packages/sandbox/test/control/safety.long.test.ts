import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { endpoints, post, request, rows } from "../support/client.js"
import { exchange } from "../support/rawExchange.js"
import { startMillis, startTimeout } from "../support/startTimeout.js"

const json = { "content-type": "application/json" }

/** The headers that a browser adds to requests of pages that may not control a sandbox. */
const foreign: ReadonlyArray<readonly [string, Record<string, string>]> = [
  ["another site", { origin: "https://evil.example" }],
  [
    "another site, by the browser's own header",
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" }
  ],
  ["a name that starts like an allowed one", { origin: "http://localhost.evil.example" }],
  ["a frame without an origin, or a file", { origin: "null" }],
  ["a link, an image or a script of another site", { "sec-fetch-site": "cross-site" }],
  ["a script of another port", { "sec-fetch-site": "same-site" }]
]

const own: ReadonlyArray<readonly [string, Record<string, string>]> = [
  ["a program", {}],
  ["a page of this machine", { origin: "http://localhost:5173", "sec-fetch-site": "same-site" }],
  [
    "a page of this machine, by its address",
    { origin: "http://127.0.0.1:5173", "sec-fetch-site": "cross-site" }
  ],
  ["an address that is typed in", { "sec-fetch-site": "none" }]
]

/** Headers of requests that a form or a page can send to any site without a preflight. */
const unasked: ReadonlyArray<Record<string, string>> = [
  {},
  { "content-type": "text/plain" },
  { "content-type": "text/plain;charset=UTF-8" },
  { "content-type": "text/plain; application/json" },
  { "content-type": "application/x-www-form-urlencoded" },
  { "content-type": "multipart/form-data; boundary=application/json" }
]

const changes: ReadonlyArray<readonly [method: string, route: string, body: string | undefined]> = [
  ["POST", "faults", `{"times":"always","effect":{"_tag":"Unavailable"}}`],
  ["DELETE", "faults", undefined],
  ["POST", "tokens", `{"username":"mara@example.com"}`],
  ["POST", "tokens/expire", undefined],
  ["POST", "sessions/end", "{}"],
  ["POST", "lifetimes", `{"tokenSeconds":1}`],
  ["POST", "clock", `{"advanceSeconds":1}`],
  ["POST", "role", `{"introspection":false}`],
  ["POST", "restate", `{"date":"2025-05-13"}`],
  ["POST", "reset", undefined]
]

layer(Sandbox.layer(), { timeout: startTimeout })("a sandbox that is left running", (it) => {
  it.effect("only programs and pages of allowed origins can control a sandbox", () =>
    Effect.gen(function* () {
      const { urls } = yield* Sandbox.Sandbox
      for (const host of [urls.v1, urls.v2, urls.login]) {
        // All hosts have the same control endpoint, so two requests are enough for the other hosts.
        const some = host === urls.v1 ? changes : changes.slice(0, 2)
        for (const [method, route, body] of some) {
          const send = (headers: Record<string, string>) =>
            Effect.map(
              request(`${host}/_sandbox/${route}`, {
                method,
                headers,
                ...(body === undefined ? {} : { body: new TextEncoder().encode(body) })
              }),
              ({ status }) => status
            )
          for (const [page, headers] of foreign) {
            assert.strictEqual(yield* send({ ...json, ...headers }), 403, `${page}: ${route}`)
          }
          for (const headers of unasked) {
            assert.strictEqual(yield* send(headers), 415, `${JSON.stringify(headers)}: ${route}`)
          }
          for (const [page, headers] of own) {
            assert.strictEqual(
              yield* send({ ...json, ...headers }),
              route === "tokens" ? 200 : 204,
              `${page}: ${route}`
            )
          }
        }
      }
      const reset = yield* request(`${urls.v1}/_sandbox/reset`, { method: "POST", headers: json })
      assert.strictEqual(reset.status, 204)
    })
  )

  it.effect("no other page can read a sandbox's log and clock", () =>
    Effect.gen(function* () {
      const { urls } = yield* Sandbox.Sandbox
      for (const route of ["requests", "clock", "nothing"]) {
        const read = (headers: Record<string, string>) =>
          request(`${urls.v1}/_sandbox/${route}`, { headers })
        for (const [page, headers] of foreign) {
          const { headers: answered, status } = yield* read(headers)
          assert.strictEqual(status, 403, `${page}: ${route}`)
          assert.isFalse(answered.has("access-control-allow-origin"))
          assert.strictEqual(answered.get("x-content-type-options"), "nosniff")
        }
        for (const [page, headers] of own) {
          assert.include([200, 404], (yield* read(headers)).status, `${page}: ${route}`)
        }
      }
    })
  )

  it.effect("no fault is shown as a page of the sandbox's origin", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const script = "<script>fetch('/_sandbox/reset')</script>"
      const faults = [
        Fault.html(),
        Fault.unavailable(),
        Fault.wrongContentType(),
        Fault.answer({ status: 200, headers: { "content-type": "text/html" }, body: script }),
        Fault.answer({ status: 200, headers: {}, body: script }),
        Fault.answer({
          status: 200,
          headers: { "Content-Security-Policy": "", "x-content-type-options": "" },
          body: script
        })
      ]
      for (const { graphql, token } of Object.values(endpoints(sandbox))) {
        for (const fault of faults) {
          yield* sandbox.control.inject({ ...fault, target: "token" })
          yield* sandbox.control.inject({ ...fault, target: "graphql" })
          for (const url of [token, graphql]) {
            const { headers } = yield* post(url, {})
            assert.include(headers.get("content-security-policy"), "sandbox")
            assert.include(headers.get("x-content-type-options"), "nosniff")
          }
        }
        assert.isFalse((yield* post(graphql, {})).headers.has("content-security-policy"))
      }
    })
  )

  it.effect("the log keeps the newest 10,000 requests with bounded texts, and counts all", () =>
    Effect.gen(function* () {
      const { control, urls } = yield* Sandbox.Sandbox
      yield* control.reset
      const line = (connection: string, agent: string, body: string) =>
        [
          "POST / HTTP/1.1",
          "Host: localhost",
          `User-Agent: ${agent}`,
          `Connection: ${connection}`,
          `Content-Length: ${body.length}`,
          "",
          body
        ].join("\r\n")
      const name = "n".repeat(100_000)
      const many = 10_050
      yield* exchange(
        urls.v1,
        Array.from({ length: many }, (_, index) => line("keep-alive", String(index), "{}")).join(
          ""
        ) + line("close", "a".repeat(8_000), JSON.stringify({ operationName: name }))
      )
      yield* control.awaitRequests(many + 1)
      const log = yield* control.requests
      assert.strictEqual(log.length, 10_000)
      assert.strictEqual(log[0]?.headers["user-agent"], "51")
      const last = log.at(-1)
      assert.strictEqual(last?.operationName, `${"n".repeat(1_000)}...`)
      assert.strictEqual(last?.headers["user-agent"], `${"a".repeat(1_000)}...`)
      assert.isTrue(log.every(({ status }) => status === 200))
    })
  )
})

const temporaryDirectory = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "sandbox-safety-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

const markOf = (pid: number) =>
  JSON.stringify({
    madeBy: "innerspace-sandbox, which may remove this directory",
    host: hostname(),
    processes: "",
    pid
  })

describe("a cache directory", () => {
  it.effect(
    "nothing in a cache directory is removed that a sandbox did not create",
    () =>
      Effect.gen(function* () {
        const directory = yield* temporaryDirectory
        const elsewhere = yield* temporaryDirectory
        const form = (seed: number) => `0.0.0-0123456789abcdef-seed-${seed}`
        const make = async (parent: string, name: string, age: number, mark?: string) => {
          await mkdir(join(parent, name, "data"), { recursive: true })
          await writeFile(join(parent, name, "data", "diary.txt"), "mine")
          if (mark !== undefined) {
            await writeFile(join(parent, name, "innerspace-sandbox.json"), mark)
            await utimes(join(parent, name, "innerspace-sandbox.json"), age, age)
          }
          await utimes(join(parent, name), age, age)
        }
        const users = yield* Effect.promise(async () => {
          for (const name of ["a", "photos", "2024", "innerspace-sandbox"]) {
            await make(directory, name, 1)
          }
          for (let seed = 0; seed < 8; seed += 1) await make(directory, form(seed), seed + 1)
          await make(directory, `${form(1)} copy`, 1, markOf(1))
          await make(directory, `old ${form(1)}`, 1, markOf(1))
          await make(directory, form(20), 1, "{}")
          await make(directory, form(21), 1, "not JSON")
          await make(directory, `${form(22)}.e707b3a8-0732-49ae-9156-13ff1138540e`, 1)
          await writeFile(join(directory, "letter.txt"), "mine")
          await writeFile(join(directory, form(23)), "a file")
          await make(elsewhere, form(24), 1, markOf(1))
          await symlink(join(elsewhere, form(24)), join(directory, form(24)))
          await symlink(join(elsewhere, "nowhere"), join(directory, form(25)))
          await mkdir(join(directory, form(26)))
          await symlink(
            join(elsewhere, form(24), "innerspace-sandbox.json"),
            join(directory, form(26), "innerspace-sandbox.json")
          )
          return readdir(directory, { recursive: true })
        })
        // These directories look like directories of a sandbox, and there are more of them than a
        // sandbox keeps.
        yield* Effect.promise(async () => {
          for (let seed = 100; seed < 106; seed += 1) {
            await make(directory, form(seed), seed, markOf(1))
          }
        })
        const sandbox = yield* Sandbox.make({ cacheDirectory: directory })
        assert.deepStrictEqual(
          yield* rows(sandbox, "{ rows: building_features(limit: 1) { building_id } }"),
          [{ building_id: 71 }]
        )
        const left = yield* Effect.promise(() => readdir(directory, { recursive: true }))
        assert.includeMembers(left, users)
        assert.isTrue((yield* Effect.promise(() => readdir(elsewhere))).includes(form(24)))
        const entries = (yield* Effect.promise(() => readdir(directory))).filter(
          (name) => !users.includes(name)
        )
        assert.includeMembers(entries, [form(103), form(104), form(105)])
        assert.strictEqual(entries.length, 4)
      }).pipe(Effect.scoped),
    startMillis
  )
})
