import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { someOf } from "../../../tools/cases.mjs"
import { aggregates } from "./hasura/aggregates.js"
import { documents } from "./hasura/documents.js"
import { filters } from "./hasura/filters.js"
import { introspection } from "./hasura/introspection.js"
import { json } from "./hasura/json.js"
import { order } from "./hasura/order.js"
import { paging } from "./hasura/paging.js"
import { requests } from "./hasura/requests.js"
import { selection } from "./hasura/selection.js"
import { values } from "./hasura/values.js"
import { variables } from "./hasura/variables.js"
import { authorize, endpoints, request } from "./support/client.js"
import type { Row } from "./support/row.js"
import { startTimeout } from "./support/startTimeout.js"

const kinds: Readonly<Record<string, ReadonlyArray<Row>>> = {
  aggregates,
  documents,
  filters,
  introspection,
  json,
  order,
  paging,
  requests,
  selection,
  values,
  variables
}

/**
 * The credentials of each sandbox. One login is enough for all rows that are tested with a sandbox.
 */
const logins = new WeakMap<Sandbox.Service, Record<string, string>>()

const loggedIn = (sandbox: Sandbox.Service): Effect.Effect<Record<string, string>, Error> => {
  const known = logins.get(sandbox)
  return known === undefined
    ? Effect.tap(authorize(sandbox, "v2"), (headers) => logins.set(sandbox, headers))
    : Effect.succeed(known)
}

layer(Sandbox.layer({ everyType: true }), { timeout: startTimeout })("Hasura", (it) => {
  for (const [kind, rows] of Object.entries(kinds)) {
    for (const row of someOf(rows, 3)) {
      it.effect(`${kind}: ${row.name}`, () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.Sandbox
          const headers = yield* loggedIn(sandbox)
          const found = yield* request(endpoints(sandbox).v2.graphql, {
            method: "POST",
            headers: { "content-type": "application/json", ...headers },
            body: row.body
          })
          assert.deepStrictEqual(found.json, row.answer, row.source)
          assert.strictEqual(found.status, 200)
        })
      )
    }
  }

  it("each row has a source, and all names are different", () => {
    const rows = Object.values(kinds).flat()
    assert.isAtLeast(rows.length, 150)
    for (const [kind, ofKind] of Object.entries(kinds)) {
      const names = ofKind.map(({ name }) => name)
      assert.deepStrictEqual(names, [...new Set(names)], kind)
    }
    for (const { name, source } of rows) assert.match(source, /\S: \S|Spec\.hs$|\.yaml/, name)
  })
})
