/**
 * One behaviour of Hasura v2 with a PostgreSQL source, and the place in its sources that shows it.
 * Paths refer to `hasura/graphql-engine` and the fork `nhost/graphql-engine` at commit
 * f80180aab79a73cd7ba5cd781c18cf1b60f658f8.
 */
export interface Row {
  readonly name: string
  readonly source: string
  /** The body of the request, as text, because numbers must be sent with exactly these digits. */
  readonly body: string
  readonly answer: unknown
}

interface Asking {
  /** The JSON of the variables, as text. */
  readonly variables?: string
  readonly operationName?: string
}

const bodyOf = (query: string, { operationName, variables }: Asking): string =>
  `{"query":${JSON.stringify(query)}` +
  (operationName === undefined ? "" : `,"operationName":${JSON.stringify(operationName)}`) +
  `${variables === undefined ? "" : `,"variables":${variables}`}}`

export const refusal = (code: string, path: string, message: string) => ({
  errors: [{ extensions: { path, code }, message }]
})

/** A row with an operation whose response has data. */
export const answers = (
  name: string,
  source: string,
  query: string,
  data: unknown,
  asking: Asking = {}
): Row => ({ name, source, body: bodyOf(query, asking), answer: { data } })

/** A row with an operation whose response is an error. */
export const refuses = (
  name: string,
  source: string,
  query: string,
  [code, path, message]: readonly [code: string, path: string, message: string],
  asking: Asking = {}
): Row => ({ name, source, body: bodyOf(query, asking), answer: refusal(code, path, message) })

interface Filtering extends Asking {
  /** The definitions of the variables, with parentheses. */
  readonly declares?: string
}

const filtered = (filter: string, declares = ""): string =>
  `query ${declares} { r: every_type(where: {id: {_lte: 9}, _and: {${filter}}}, order_by: {id: asc}) { id } }`

/**
 * A row with a filter of the first nine rows of `every_type`, and the ids that the filter selects.
 */
export const finds = (
  name: string,
  source: string,
  filter: string,
  ids: ReadonlyArray<number>,
  { declares, ...asking }: Filtering = {}
): Row =>
  answers(name, source, filtered(filter, declares), { r: ids.map((id) => ({ id })) }, asking)

/** A row with a filter that is rejected. `path` is relative to the filter. */
export const refusesFilter = (
  name: string,
  source: string,
  filter: string,
  [code, path, message]: readonly [code: string, path: string, message: string],
  { declares, ...asking }: Filtering = {}
): Row => {
  const at = path === "$" ? "$" : `$.selectionSet.every_type.args.where._and[0]${path}`
  return refuses(name, source, filtered(filter, declares), [code, at, message], asking)
}
