/** Pages that send one query. */

interface Page {
  readonly name: string
  /** The path of the page's module in the folder of compiled modules. */
  readonly file: string
  /**
   * The prefixes of the names of the client's own packages. All other packages are dependencies of
   * the client.
   */
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
  { name: "least page on Effect", file: "bundle/pages/least.js", own: [] },
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
  // genql generates the module of its client, which has no dependencies.
  { name: "genql", file: "generated/genql/client.js", own: [], of: "@genql/cli" }
]
