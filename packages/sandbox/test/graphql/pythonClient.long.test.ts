import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { IntrospectionQuery } from "graphql"
import {
  buildClientSchema,
  DirectiveLocation,
  getIntrospectionQuery,
  parse,
  validate,
  validateSchema
} from "graphql"
import { authorize, endpoints, request } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

/**
 * The headers with which gql 3.5 sends its requests. The introspection query below is the default
 * query of graphql-core, which gql uses.
 */
const headers = {
  "user-agent": "python-requests/2.32.3",
  "accept-encoding": "gzip, deflate",
  accept: "*/*",
  connection: "keep-alive",
  "content-type": "application/json"
}

const introspectionQuery = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: false,
  directiveIsRepeatable: false,
  schemaDescription: false,
  inputValueDeprecation: false
})

const Directives = Schema.Struct({
  __schema: Schema.Struct({
    directives: Schema.Array(
      Schema.Struct({
        name: Schema.String,
        // graphql-core rejects the whole schema if a location is unknown.
        locations: Schema.Array(Schema.Enums(DirectiveLocation)),
        args: Schema.Array(Schema.Struct({ name: Schema.String }))
      })
    ),
    types: Schema.Array(Schema.Struct({ name: Schema.String, kind: Schema.String }))
  })
})

/**
 * The locations that graphql-core 3.2 knows. Later editions of the specification have more
 * locations.
 */
const knownLocations: ReadonlyArray<DirectiveLocation> = [
  DirectiveLocation.QUERY,
  DirectiveLocation.MUTATION,
  DirectiveLocation.SUBSCRIPTION,
  DirectiveLocation.FIELD,
  DirectiveLocation.FRAGMENT_DEFINITION,
  DirectiveLocation.FRAGMENT_SPREAD,
  DirectiveLocation.INLINE_FRAGMENT,
  DirectiveLocation.VARIABLE_DEFINITION
]

layer(Sandbox.layer({ everyType: true }), { timeout: startTimeout })(
  "the Python client gql with fetch_schema_from_transport=True",
  (it) => {
    for (const api of ["v1", "v1.5", "v2"] as const) {
      it.effect(`gql fetches the schema of ${api} and validates a query`, () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.Sandbox
          const login = yield* authorize(sandbox, api)
          const found = yield* request(endpoints(sandbox)[api].graphql, {
            method: "POST",
            headers: { ...headers, ...login },
            body: JSON.stringify({ query: introspectionQuery })
          })
          const { data } = yield* Schema.decodeUnknown(Schema.Struct({ data: Schema.Unknown }))(
            found.json
          )
          const { __schema } = yield* Schema.decodeUnknown(Directives)(data)
          assert.deepStrictEqual(
            __schema.directives.map(({ name }) => name),
            ["include", "skip", "cached"]
          )
          for (const { locations } of __schema.directives) {
            assert.includeMembers([...knownLocations], [...locations])
          }
          const names = __schema.types.map(({ name }) => name)
          assert.deepStrictEqual(names, [...new Set(names)].sort())

          // graphql-core is a port of graphql-js. Both build a schema from the same introspection
          // and check each part of it, so the cast hides nothing.
          const schema = buildClientSchema(data as IntrospectionQuery)
          assert.deepStrictEqual(validateSchema(schema), [])
          const query = `query ($w: every_type_bool_exp) @cached(ttl: 5) {
            every_type(where: $w, order_by: {int: asc}, limit: 1) { id @include(if: true) jsonb(path: "a") }
          }`
          assert.deepStrictEqual(validate(schema, parse(query)), [])
          assert.lengthOf(validate(schema, parse("{ every_type { nope } }")), 1)
        })
      )
    }
  }
)
