import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLScalarType,
  GraphQLString
} from "graphql"

/** An operator with one value of the column's own type. */
export type ValueOperator = "_eq" | "_neq" | "_gt" | "_lt" | "_gte" | "_lte"

export const valueOperators: ReadonlyArray<ValueOperator> = [
  "_eq",
  "_neq",
  "_gt",
  "_lt",
  "_gte",
  "_lte"
]

/**
 * The kind of a column's values. It decides which literals the column accepts. In Hasura, the
 * PostgreSQL type of a column decides the literals and the operators. Only text types have text
 * operators (uuid has none), and only jsonb has operators for objects.
 */
export type ValueKind =
  | "small integer"
  | "integer"
  | "wide integer"
  | "number"
  | "boolean"
  | "text"
  | "textual"
  | "json"

export interface ColumnType {
  /**
   * The name of the GraphQL type. An array has the syntax of a variable's declaration, such as
   * `[Int!]`.
   */
  readonly name: string
  /** The PostgreSQL type that values are cast to. */
  readonly sql: string
  readonly kind: ValueKind
  /**
   * The operators of the type. All types have equality. All types except enum tables also have an
   * order. Some types have further operators.
   */
  readonly operators: "equality" | "order" | "text" | "jsonb" | "array" | "ltree"
  /** Whether values are JSON strings if the server is configured to stringify wide numbers. */
  readonly wideNumber: boolean
  readonly graphql:
    | GraphQLScalarType
    | GraphQLEnumType
    | GraphQLList<GraphQLNonNull<GraphQLScalarType>>
  /** The type of an array's elements. */
  readonly element?: ColumnType
  /** The values of an enum table. */
  readonly values?: ReadonlyArray<string>
}

/**
 * A GraphQL scalar without checks. Hasura passes on PostgreSQL's values unchecked, so a sum may
 * exceed an `Int`.
 */
const scalar = (name: string): GraphQLScalarType => new GraphQLScalarType({ name })

const make = (
  parts: Pick<ColumnType, "name" | "sql" | "kind"> & Partial<ColumnType>
): ColumnType => ({
  operators: "order",
  wideNumber: false,
  ...parts,
  graphql: parts.graphql ?? scalar(parts.name)
})

/** A type that has the same name in PostgreSQL. Its values are strings in JSON. */
const textual = (name: string): ColumnType => make({ name, sql: name, kind: "textual" })

/** The scalar `Int` of GraphQL. */
export const Integers = scalar("Int")

export const Int = make({ name: "Int", sql: "integer", kind: "integer", graphql: Integers })

export const smallint = make({ name: "smallint", sql: "smallint", kind: "small integer" })

export const bigint = make({
  name: "bigint",
  sql: "bigint",
  kind: "wide integer",
  wideNumber: true
})

export const numeric = make({ name: "numeric", sql: "numeric", kind: "number", wideNumber: true })

export const float8 = make({
  name: "float8",
  sql: "double precision",
  kind: "number",
  wideNumber: true
})

const Floats = scalar("Float")

/** The type of floating-point columns if the source of Hasura is Snowflake. */
export const Float = make({
  name: "Float",
  sql: "double precision",
  kind: "number",
  graphql: Floats
})

/** The type of `real` columns if the source of Hasura is PostgreSQL. */
export const real = make({ name: "Float", sql: "real", kind: "number", graphql: Floats })

export const Boolean = make({
  name: "Boolean",
  sql: "boolean",
  kind: "boolean",
  graphql: GraphQLBoolean
})

export const String = make({
  name: "String",
  sql: "text",
  kind: "text",
  operators: "text",
  graphql: GraphQLString
})

export const citext = make({ name: "citext", sql: "citext", kind: "text", operators: "text" })

export const bpchar = make({ name: "bpchar", sql: "bpchar", kind: "text", operators: "text" })

export const uuid = textual("uuid")
export const timestamptz = textual("timestamptz")
export const timestamp = textual("timestamp")
export const date = textual("date")
export const time = textual("time")
export const timetz = textual("timetz")

export const jsonb = make({ name: "jsonb", sql: "jsonb", kind: "json", operators: "jsonb" })

/** Hasura gives `json` the common operators, although PostgreSQL has no operators for `json`. */
export const json = make({ name: "json", sql: "json", kind: "json" })

export const ltree = make({ name: "ltree", sql: "ltree", kind: "textual", operators: "ltree" })

/** Patterns of paths. Arguments have these types, but columns never do. */
export const lquery = textual("lquery")
export const ltxtquery = textual("ltxtquery")

const arrayOf = (element: ColumnType, type: GraphQLScalarType): ColumnType =>
  make({
    name: `[${element.name}!]`,
    sql: `${element.sql}[]`,
    kind: "textual",
    operators: "array",
    graphql: new GraphQLList(new GraphQLNonNull(type)),
    element
  })

export const Ints = arrayOf(Int, Integers)
export const Strings = arrayOf(String, GraphQLString)

/** The type of a column that refers to an enum table. The values of the table have comments. */
export const enumeration = (
  table: string,
  values: Readonly<Record<string, string>>
): ColumnType => {
  const name = `${table}_enum`
  return make({
    name,
    sql: "text",
    kind: "textual",
    operators: "equality",
    graphql: new GraphQLEnumType({
      name,
      values: Object.fromEntries(
        Object.entries(values).map(([value, description]) => [value, { description }])
      )
    }),
    values: Object.keys(values)
  })
}

/** The name of the input type that compares columns of a type. */
export const comparisonName = ({ element, name }: ColumnType): string =>
  `${element === undefined ? name : `${element.name}_array`}_comparison_exp`

/** Whether values of a type can be summed. */
export const isNumeric = ({ kind }: ColumnType): boolean =>
  kind === "small integer" || kind === "integer" || kind === "wide integer" || kind === "number"

/** Whether Hasura's schema has `min` and `max` for a type, even if PostgreSQL does not. */
export const isOrdered = ({ kind, operators, sql }: ColumnType): boolean =>
  operators !== "equality" && kind !== "json" && kind !== "boolean" && sql !== "time"
