import type { GraphQLOutputType } from "graphql"
import { GraphQLBoolean, GraphQLNonNull, GraphQLObjectType, GraphQLString } from "graphql"

/** A value in the response to an introspection query. */
export type Printed =
  | null
  | boolean
  | string
  | ReadonlyArray<Printed>
  | { readonly [key: string]: Printed }

export type Printer<Source> = (source: Source) => Printed

/** Reads the selection of a nested type, and returns a function that prints a value of it. */
export type ReadNested = <Source>(type: MetaType<Source>) => Printer<Source>

export interface MetaField<Source> {
  readonly includesDeprecated: boolean
  /** The field's own type, as introspection describes it. */
  readonly type: () => GraphQLOutputType
  readonly content:
    | { readonly _tag: "Leaf"; readonly print: Printer<Source> }
    | { readonly _tag: "Nested"; readonly printer: (read: ReadNested) => Printer<Source> }
}

/** A type of introspection, with printers for its values. */
export interface MetaType<Source> {
  readonly name: string
  readonly fields: () => Readonly<Record<string, MetaField<Source>>>
  readonly graphql: GraphQLObjectType
}

export const make = <Source>(
  name: string,
  fields: MetaType<Source>["fields"]
): MetaType<Source> => ({
  name,
  fields,
  graphql: new GraphQLObjectType({
    name,
    fields: () =>
      Object.fromEntries(
        Object.entries(fields()).map(([field, { includesDeprecated, type }]) => [
          field,
          { type: type(), args: includesDeprecated ? includeDeprecated : {} }
        ])
      )
  })
})

const includeDeprecated = { includeDeprecated: { type: GraphQLBoolean, defaultValue: false } }

const text = new GraphQLNonNull(GraphQLString)

/**
 * A field without a selection. Hasura declares nearly all of these fields as `String!`, even if
 * they have another type.
 */
export const leaf = <Source>(
  print: Printer<Source>,
  type: GraphQLOutputType = text
): MetaField<Source> => ({
  includesDeprecated: false,
  type: () => type,
  content: { _tag: "Leaf", print }
})

const nested = <Source, Other>(
  other: () => MetaType<Other>,
  printWith: (print: Printer<Other>) => Printer<Source>
): MetaField<Source> => ({
  includesDeprecated: false,
  type: () => other().graphql,
  content: { _tag: "Nested", printer: (read) => printWith(read(other())) }
})

export const one = <Source, Other>(
  other: () => MetaType<Other>,
  get: (source: Source) => Other | null | undefined
): MetaField<Source> =>
  nested(other, (print) => (source) => {
    const value = get(source)
    return value === null || value === undefined ? null : print(value)
  })

/** A field whose value is a list. Hasura does not declare it as a list. */
export const many = <Source, Other>(
  other: () => MetaType<Other>,
  get: (source: Source) => ReadonlyArray<Other> | null
): MetaField<Source> => nested(other, (print) => (source) => get(source)?.map(print) ?? null)

/**
 * A field with the argument `includeDeprecated`. The argument has no effect, because nothing in
 * Hasura's schema is deprecated.
 */
export const withDeprecated = <Source>(field: MetaField<Source>): MetaField<Source> => ({
  ...field,
  includesDeprecated: true
})
