import { GraphQLScalarType, GraphQLString } from "graphql"

/** An operator that takes one value of the column's own type. */
export type ValueOperator = "_eq" | "_neq" | "_gt" | "_lt" | "_gte" | "_lte"

export const valueOperators: ReadonlyArray<ValueOperator> = [
  "_eq",
  "_neq",
  "_gt",
  "_lt",
  "_gte",
  "_lte"
]

export type TextOperator =
  | "_like"
  | "_nlike"
  | "_ilike"
  | "_nilike"
  | "_similar"
  | "_nsimilar"
  | "_regex"
  | "_nregex"
  | "_iregex"
  | "_niregex"

export const textOperators: ReadonlyArray<TextOperator> = [
  "_like",
  "_nlike",
  "_ilike",
  "_nilike",
  "_similar",
  "_nsimilar",
  "_regex",
  "_nregex",
  "_iregex",
  "_niregex"
]

export type JsonOperator =
  | "_contains"
  | "_contained_in"
  | "_has_key"
  | "_has_keys_any"
  | "_has_keys_all"

/**
 * What kind of value a column holds, which decides the literals it accepts and the operators it has. Hasura decides both
 * by the PostgreSQL type: only text types have text operators (uuid has none), only jsonb has the containment ones.
 */
export type ValueKind = "integer" | "wide integer" | "number" | "text" | "textual" | "json"

export interface ColumnType {
  /** The GraphQL scalar's name, also the first part of `<name>_comparison_exp`. */
  readonly name: string
  /** The PostgreSQL type that values are cast to. */
  readonly sql: string
  readonly kind: ValueKind
  /** Whether the server writes it as a JSON string when told to stringify wide numbers. */
  readonly wideNumber: boolean
  readonly scalar: GraphQLScalarType
}

/** PostgreSQL writes the values and Hasura passes them on, so none is checked again: a sum may be wider than an `Int`. */
const scalar = (name: string): GraphQLScalarType => new GraphQLScalarType({ name })

export const Int: ColumnType = {
  name: "Int",
  sql: "integer",
  kind: "integer",
  wideNumber: false,
  scalar: scalar("Int")
}

export const String: ColumnType = {
  name: "String",
  sql: "text",
  kind: "text",
  wideNumber: false,
  scalar: GraphQLString
}

/** `real` in PostgreSQL, and the floating type of a Snowflake source. */
export const Float: ColumnType = {
  name: "Float",
  sql: "double precision",
  kind: "number",
  wideNumber: false,
  scalar: scalar("Float")
}

export const float8: ColumnType = {
  name: "float8",
  sql: "double precision",
  kind: "number",
  wideNumber: true,
  scalar: scalar("float8")
}

export const bigint: ColumnType = {
  name: "bigint",
  sql: "bigint",
  kind: "wide integer",
  wideNumber: true,
  scalar: scalar("bigint")
}

export const timestamptz: ColumnType = {
  name: "timestamptz",
  sql: "timestamptz",
  kind: "textual",
  wideNumber: false,
  scalar: scalar("timestamptz")
}

export const jsonb: ColumnType = {
  name: "jsonb",
  sql: "jsonb",
  kind: "json",
  wideNumber: false,
  scalar: scalar("jsonb")
}

/** Which types can be summed up. */
export const isNumeric = ({ kind }: ColumnType): boolean =>
  kind === "integer" || kind === "wide integer" || kind === "number"

/** Which types have a least and a greatest value. */
export const isOrdered = ({ kind }: ColumnType): boolean => kind !== "json"
