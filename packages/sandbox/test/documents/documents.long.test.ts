import { readFile } from "node:fs/promises"
import { assert, it, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { request } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

const read = (path: string) =>
  Effect.promise(() => readFile(new URL(path, import.meta.url), "utf8"))

it.effect("the README shows the example that is tested", () =>
  Effect.gen(function* () {
    const readme = yield* read("../../README.md")
    assert.include(readme, yield* read("readme.test.ts"))
  })
)

const faultRow = /^\| `(Fault\..+?)` \| `(\{"_tag".+?\})` \|/gm

const decode = Schema.decodeUnknown(Fault.Fault, { onExcessProperty: "error" })

it.effect("the README shows every fault, equal in TypeScript and over HTTP", () =>
  Effect.gen(function* () {
    const rows = [...(yield* read("../../README.md")).matchAll(faultRow)]
    const shown = new Set<string>()
    for (const [, call = "", json = ""] of rows) {
      shown.add(/^Fault\.(\w+)/.exec(call)?.[1] ?? "")
      const written: Fault.Fault = new Function("Fault", `return ${call}`)(Fault)
      const { effect } = yield* decode({ effect: JSON.parse(json) })
      assert.deepStrictEqual(written.effect, effect, call)
    }
    const constructors = Object.entries(Fault).filter(([name]) => /^[a-z]/.test(name))
    assert.deepStrictEqual([...shown].sort(), constructors.map(([name]) => name).sort())
  })
)

const curlLine =
  /^curl (?:-X (\w+) )?localhost:4000(\/_sandbox\/\S+)(?: -H '(Content-Type): (.+?)')?(?: -d '(.+)')?$/gm

layer(Sandbox.layer(), { timeout: startTimeout })("the README", (it) => {
  it.effect("the README's requests to the control endpoint are accepted", () =>
    Effect.gen(function* () {
      const { urls } = yield* Sandbox.Sandbox
      const readme = yield* read("../../README.md")
      const lines = [...readme.matchAll(curlLine)]
      assert.strictEqual(lines.length, readme.match(/^curl /gm)?.length)
      for (const [line, method = "GET", path = "", header, value = "", body] of lines) {
        const { status } = yield* request(`${urls.v1}${path}`, {
          method,
          headers: header === undefined ? {} : { [header]: value },
          ...(body === undefined ? {} : { body })
        })
        // The response has a body if the request asks for something, and has no body if the request
        // changes something.
        const isQuestion = method === "GET" || path === "/_sandbox/tokens"
        assert.strictEqual(status, isQuestion ? 200 : 204, line)
      }
    })
  )
})
