/** Pages that ask one query. */

interface Page {
  readonly name: string
  /** Its module, among the compiled ones. */
  readonly file: string
  /** The beginnings of the names of what is the client's own; the rest are its dependencies. */
  readonly own: ReadonlyArray<string>
  readonly of?: string
}

export const pages: ReadonlyArray<Page> = [
  { name: "innerspace-metrics", file: "bundle/pages/ours.js", own: ["@innerspace-metrics/"] },
  {
    name: "innerspace-metrics, promises",
    file: "bundle/pages/oursPromise.js",
    own: ["@innerspace-metrics/"]
  },
  {
    name: "Effect HttpClient on fetch",
    file: "bundle/pages/effectFetch.js",
    own: ["@effect/platform"],
    of: "@effect/platform"
  },
  { name: "global fetch", file: "clients/fetch.js", own: [] },
  {
    name: "graphql-request",
    file: "clients/graphqlRequest.js",
    own: ["graphql-request"],
    of: "graphql-request"
  },
  { name: "@urql/core", file: "clients/urql.js", own: ["@urql/core"], of: "@urql/core" },
  {
    name: "@apollo/client",
    file: "clients/apollo.js",
    own: ["@apollo/client"],
    of: "@apollo/client"
  },
  // Its module is made by genql, and has no dependency.
  { name: "genql", file: "generated/genql/client.js", own: [], of: "@genql/cli" }
]
