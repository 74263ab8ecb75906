const under = (folder: string) => (file: string, what: string) => `${folder}/${file}: ${what}`

/** The parser combinators, which read values and report errors. */
export const parser = under("server/lib/schema-parsers/src/Hasura/GraphQL/Parser")

/** The grammar of documents. */
export const grammar = under("server/lib/graphql-parser/src/Language/GraphQL/Draft")

/** The fields and arguments of a table. */
export const schema = under("server/src-lib/Hasura/GraphQL/Schema")

/** The code that makes an operation from a document. */
export const execute = under("server/src-lib/Hasura/GraphQL/Execute")

/** The code of the HTTP server. */
export const server = under("server/src-lib/Hasura")

/** PostgreSQL's types, their values, and the SQL. */
export const postgres = under("server/src-lib/Hasura/Backends/Postgres")

/** Hasura's own tests. */
export const python = under("server/tests-py/queries")
export const api = under("server/lib/api-tests/src/Test")

/** The libraries with which Hasura reads JSON. */
export const aeson = under("haskell/aeson: src/Data/Aeson")
export const scientific = "haskell scientific: Show of Scientific, `toBoundedInteger`"
export const jsonPath = (what: string) =>
  `server/lib/hasura-extras/src/Data/Parser/JSONPath.hs: ${what}`
