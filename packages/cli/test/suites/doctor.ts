import { assert, describe } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { listenProxy } from "../../../node-adapter/test/support/servers/connectProxy.js"
import { type Setting, type Shell, shellOf } from "../support/command.js"
import type { Suite } from "../support/suite.js"

interface Line {
  readonly id: string
  readonly status: string
  readonly found: string
  readonly next: string | null
}

const linesOf = (
  { run }: Shell,
  only: string,
  setting: Setting = {}
): Effect.Effect<ReadonlyArray<Line>> =>
  Effect.map(
    run(`doctor --only ${only} --json`, setting),
    ({ stdout }) => JSON.parse(stdout).data.lines
  )

const lineOf = (shell: Shell, id: string, setting: Setting = {}): Effect.Effect<Line> =>
  Effect.map(linesOf(shell, id, setting), (lines) => {
    const line = lines.find((line) => line.id === id)
    assert.isDefined(line, `${id} is not among ${lines.map(({ id }) => id).join(", ")}`)
    // The assertion above excludes `undefined`.
    return line as Line
  })

/** Returns one line of the report of `doctor` while a fault is injected. */
const underFault = (shell: Shell, id: string, fault: Fault.Fault) =>
  Effect.gen(function* () {
    const { control } = yield* Sandbox.Sandbox
    yield* control.inject(fault)
    return yield* lineOf(shell, id).pipe(Effect.ensuring(control.clearFaults))
  })

export const doctor: Suite = (it) =>
  describe("innerspace doctor", () => {
    it.scoped("doctor shows the value and the origin of each setting, and never the secret", () =>
      Effect.gen(function* () {
        const shell = yield* shellOf()
        const { stdout } = yield* shell.run("doctor --only settings --json")
        assert.notInclude(stdout, shell.env["INNERSPACE_CLIENT_SECRET"] ?? "")
        const set = yield* lineOf(shell, "settings.client-secret")
        assert.deepStrictEqual([set.status, set.found], ["ok", "set (INNERSPACE_CLIENT_SECRET)"])
        const without = yield* lineOf(shell, "settings.client-secret", {
          env: { INNERSPACE_CLIENT_SECRET: "" }
        })
        assert.strictEqual(without.status, "unknown")
        const nobody = yield* lineOf(shell, "settings.client-id", {
          env: { INNERSPACE_CLIENT_ID: "" }
        })
        assert.strictEqual(nobody.status, "differs")
        const broken = yield* linesOf(shell, "settings", { env: { INNERSPACE_API: "v3" } })
        assert.strictEqual(broken[0]?.status, "differs")
      })
    )

    it.scoped(
      "doctor checks the network: name, response, clock and rate limit, each ok and not ok",
      () =>
        Effect.gen(function* () {
          const shell = yield* shellOf()
          const fine = new Map(
            (yield* linesOf(shell, "network")).map((line) => [line.id, line.status])
          )
          assert.deepStrictEqual(Object.fromEntries(fine), {
            "network.proxy": "ok",
            "network.dns": "ok",
            "network.tls": "ok",
            "network.answer": "ok",
            "network.clock": "ok",
            "network.rate-limit": "unknown"
          })
          const nowhere = { env: { INNERSPACE_BASE_URL: "https://api.invalid" } }
          assert.strictEqual((yield* lineOf(shell, "network.dns", nowhere)).status, "differs")
          assert.strictEqual((yield* lineOf(shell, "network.answer", nowhere)).status, "differs")
          const plain = {
            env: {
              INNERSPACE_BASE_URL: (shell.env["INNERSPACE_BASE_URL"] ?? "").replace(
                "http:",
                "https:"
              )
            }
          }
          assert.strictEqual((yield* lineOf(shell, "network.tls", plain)).status, "differs")
          const proxied = (HTTPS_PROXY: string) =>
            lineOf(shell, "network.proxy", {
              env: { HTTPS_PROXY, INNERSPACE_BASE_URL: "https://api.invalid" }
            })
          const { port } = yield* listenProxy(1)
          const proxy = yield* proxied(`http://me:pass@127.0.0.1:${port}`)
          assert.deepStrictEqual(
            [proxy.status, proxy.found],
            ["ok", `127.0.0.1:${port} (HTTPS_PROXY)`]
          )
          const nobody = yield* proxied("http://me:pass@127.0.0.1:1")
          assert.strictEqual(nobody.status, "differs")
          assert.match(nobody.found, /^127\.0\.0\.1:1 \(HTTPS_PROXY\) cannot be reached: /)
          const noUrl = yield* proxied("proxy of ours")
          assert.strictEqual(noUrl.status, "differs")
          assert.include(noUrl.next ?? "", "http://proxy.example:8080")
          const other = {
            env: { INNERSPACE_BASE_URL: `${shell.env["INNERSPACE_BASE_URL"] ?? ""}/wrong` }
          }
          assert.strictEqual((yield* lineOf(shell, "network.answer", other)).status, "differs")
          const html = yield* underFault(shell, "network.answer", Fault.html())
          assert.include(html.found, "not JSON")
          const late = Fault.override({ headers: { date: "Fri, 01 Mar 2024 00:00:00 GMT" } })
          const clock = yield* underFault(shell, "network.clock", late)
          assert.strictEqual(clock.status, "differs")
          assert.include(clock.found, "ahead of the server")
          const noDate = yield* underFault(
            shell,
            "network.clock",
            Fault.override({ headers: { date: "soon" } })
          )
          assert.strictEqual(noDate.status, "unknown")
          const left = Fault.override({ headers: { "x-ratelimit-remaining": "12" } })
          assert.strictEqual((yield* underFault(shell, "network.rate-limit", left)).status, "ok")
          const none = Fault.override({ headers: { "x-ratelimit-remaining": "0" } })
          assert.strictEqual(
            (yield* underFault(shell, "network.rate-limit", none)).status,
            "differs"
          )
        })
    )

    it.scoped(
      "doctor checks the token: encodings, login, lifetime and claims, each ok and not ok",
      () =>
        Effect.gen(function* () {
          const shell = yield* shellOf()
          const { control } = yield* Sandbox.Sandbox
          const fine = new Map((yield* linesOf(shell, "token")).map((line) => [line.id, line]))
          assert.deepStrictEqual(
            [...fine.values()].map(({ status }) => status),
            ["ok", "ok", "ok", "ok"]
          )
          assert.strictEqual(
            fine.get("token.request")?.found,
            "the endpoint accepts form, json, a form that is labelled JSON"
          )
          assert.strictEqual(fine.get("token.lifetime")?.found, "86400 s")
          assert.include(fine.get("token.claims")?.found ?? "", "role customer")
          // The stored token is still valid, so the first token request is the check with a form.
          const jsonOnly = Fault.refused({ target: "token", ordinals: [1] })
          const request = yield* underFault(shell, "token.request", jsonOnly)
          assert.strictEqual(request.status, "differs")
          assert.include(request.found, "accepts json")
          const labelledOnly = Fault.refused({ target: "token", ordinals: [1, 2] })
          const labelled = yield* underFault(shell, "token.request", labelledOnly)
          assert.strictEqual(labelled.found, "the endpoint accepts a form that is labelled JSON")
          assert.include(labelled.next ?? "", "report it to the maintainers")
          yield* control.setLifetimes({ token: "1 minute" })
          const fresh = yield* shellOf()
          const short = yield* lineOf(fresh, "token.lifetime").pipe(
            Effect.ensuring(control.setLifetimes({ token: "24 hours" }))
          )
          assert.strictEqual(short.status, "differs")
          const wrong = { env: { INNERSPACE_CLIENT_SECRET: "wrong" } }
          const refused = yield* linesOf(yield* shellOf(), "token", wrong)
          assert.deepStrictEqual(
            refused.map(({ status }) => status),
            ["differs", "differs", "unknown", "unknown"]
          )
          assert.include(refused[0]?.found ?? "", "status 401")
          assert.include(refused[0]?.next ?? "", "client secret")
          const base = shell.env["INNERSPACE_BASE_URL"] ?? ""
          const elsewhere = yield* lineOf(yield* shellOf(), "token.request", {
            env: { INNERSPACE_BASE_URL: `${base}/wrong` }
          })
          assert.include(elsewhere.next ?? "", "check the base URL")
          const nowhere = yield* lineOf(yield* shellOf(), "token.request", {
            env: { INNERSPACE_BASE_URL: "http://localhost:1" }
          })
          assert.deepStrictEqual([nowhere.status, nowhere.found], ["unknown", "no response"])
          const opaque = yield* lineOf(yield* shellOf("v2"), "token.claims")
          assert.strictEqual(opaque.status, "unknown")
        })
    )

    it.scoped(
      "doctor checks the schema: generation, introspection, and a removed or renamed column",
      () =>
        Effect.gen(function* () {
          const shell = yield* shellOf()
          const { control } = yield* Sandbox.Sandbox
          const fine = yield* linesOf(shell, "schema")
          const status = (lines: ReadonlyArray<Line>, id: string) =>
            lines.find((line) => line.id === id)?.status
          assert.strictEqual(status(fine, "schema.generation"), "ok")
          assert.strictEqual(status(fine, "schema.introspection"), "ok")
          assert.strictEqual(status(fine, "schema.additions"), "ok")
          assert.strictEqual(status(fine, "schema.catalogue"), "ok")

          yield* control.inject(
            Fault.columnGone({
              table: "building_metrics",
              column: "metric_value",
              renamedTo: "value"
            })
          )
          const renamed = yield* linesOf(shell, "schema").pipe(Effect.ensuring(control.clearFaults))
          assert.strictEqual(status(renamed, "schema.building_metrics.metric_value"), "differs")
          assert.strictEqual(status(renamed, "schema.additions"), "unknown")

          yield* control.setRole({ introspection: false })
          const hidden = yield* linesOf(shell, "schema").pipe(
            Effect.ensuring(control.setRole({ introspection: true }))
          )
          assert.strictEqual(status(hidden, "schema.introspection"), "differs")
          assert.strictEqual(status(hidden, "schema.catalogue"), "unknown")

          yield* control.inject(
            Fault.graphqlError({
              code: "validation-failed",
              message: "field 'building_features' not found in type: 'query_root'",
              operationName: "doctor_generation"
            })
          )
          yield* control.inject(
            Fault.answer({
              status: 200,
              headers: {},
              body: '{"data":{"BUILDING_INSIGHTS":[]}}',
              operationName: "doctor_generation"
            })
          )
          const other = yield* lineOf(shell, "schema.generation").pipe(
            Effect.ensuring(control.clearFaults)
          )
          assert.strictEqual(other.status, "differs")
          assert.include(other.next ?? "", "--api v2")
        })
    )

    it.scoped("doctor checks rows: keys, limit, groups and freshness, each ok and not ok", () =>
      Effect.gen(function* () {
        const shell = yield* shellOf()
        const { control } = yield* Sandbox.Sandbox
        const only = ["limit", "keys.building", "groups.building_m", "freshness.building"]
        const found = yield* linesOf(shell, only.map((id) => `rows.${id}`).join(" --only "))
        const fine = new Map(found.map((line) => [line.id, line]))
        for (const id of [
          "rows.limit",
          "rows.keys.building_metrics",
          "rows.groups.building_metrics",
          "rows.freshness.building_metrics"
        ]) {
          assert.strictEqual(fine.get(id)?.status, "ok", JSON.stringify(fine.get(id)))
        }
        yield* control.setRole({ rowLimit: 500 })
        const limited = yield* lineOf(shell, "rows.limit").pipe(
          Effect.ensuring(control.setRole({ rowLimit: null }))
        )
        assert.strictEqual(limited.status, "differs")
        assert.include(limited.found, "cut at 500 rows")

        const row =
          '{"building_id":71,"metric_name":"m","granularity":"P1D","group_id":"g","date_time_start":"2024-03-05T06:00:00+00:00"}'
        const answered = (body: string) =>
          Fault.answer({
            status: 200,
            headers: {},
            body,
            operationName: "doctor_newest_building_metrics",
            times: "always"
          })
        const twice = yield* underFault(
          shell,
          "rows.keys.building_metrics",
          answered(`{"data":{"building_metrics":[${row},${row}]}}`)
        )
        assert.include(twice.found, "1 of 2 rows have a key twice")
        const empty = yield* underFault(
          shell,
          "rows.keys.building_metrics",
          answered(`{"data":{"building_metrics":[${row.replace("71", "null")}]}}`)
        )
        assert.include(empty.found, "building_id is null")
        const old = yield* underFault(
          shell,
          "rows.freshness.building_metrics",
          answered(`{"data":{"building_metrics":[${row}]}}`)
        )
        assert.strictEqual(old.status, "differs")
        const group = yield* lineOf(shell, "rows.groups.building_metrics", {
          env: { INNERSPACE_GROUP: "team-1" }
        })
        assert.strictEqual(group.status, "differs")
      })
    )

    it.scoped("doctor checks that the runtime knows the zones of buildings", () =>
      Effect.gen(function* () {
        const shell = yield* shellOf("v2")
        const fine = yield* lineOf(shell, "rows.zones")
        assert.strictEqual(fine.status, "ok")
        const wrong = yield* underFault(
          shell,
          "rows.zones",
          Fault.answer({
            status: 200,
            headers: {},
            body: '{"data":{"BUILDINGS":[{"BUILDING_ID":71,"NAME":"DEMO","TIME_ZONE":"America/Nowhere","CAPACITY":1}]}}',
            operationName: "BUILDINGS",
            times: "always"
          })
        )
        assert.strictEqual(wrong.status, "differs")
        assert.include(wrong.found, "America/Nowhere")
      })
    )

    it.scoped("doctor checks the runtime: Node and time zone rules, each ok and not ok", () =>
      Effect.gen(function* () {
        const shell = yield* shellOf()
        const status = (id: string, versions: { node: string; tz?: string }) =>
          Effect.map(lineOf(shell, id, { versions }), (line) => line.status)
        assert.strictEqual(yield* status("runtime.node", { node: "20.19.0" }), "ok")
        assert.strictEqual(yield* status("runtime.node", { node: "18.20.0" }), "differs")
        assert.strictEqual(yield* status("runtime.tz", { node: "20.19.0", tz: "2025a" }), "ok")
        assert.strictEqual(yield* status("runtime.tz", { node: "20.19.0", tz: "2019c" }), "differs")
        assert.strictEqual(yield* status("runtime.tz", { node: "20.19.0" }), "unknown")
      })
    )

    it.scoped(
      "the report for people ends with the counts, and exit code 3 means that something differs",
      () =>
        Effect.gen(function* () {
          const shell = yield* shellOf()
          const fine = yield* shell.run("doctor --only network --only runtime")
          assert.strictEqual(fine.code, 0, fine.stdout)
          assert.match(fine.stdout, /7 ok, 0 differ, 1 unknown\n$/)
          const wrong = yield* shell.run("doctor --only runtime", { versions: { node: "18.0.0" } })
          assert.strictEqual(wrong.code, 3)
          assert.include(wrong.stdout, "Install Node 20.18.1 or newer")
          assert.match(wrong.stdout, /\nStart with runtime\.node: .*\nInstall Node .*\n$/)
        })
    )
  })
