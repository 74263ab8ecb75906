import type {
  GraphQLArgument,
  GraphQLDirective,
  GraphQLEnumValue,
  GraphQLField,
  GraphQLInputField,
  GraphQLNamedType,
  GraphQLSchema,
  GraphQLType
} from "graphql"
import {
  astFromValue,
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLNonNull,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  print
} from "graphql"
import type { MetaField, MetaType } from "./MetaType.js"
import { leaf, make, many, one, withDeprecated } from "./MetaType.js"

interface Described {
  readonly name: string
  readonly description?: string | null | undefined
}

const described = <Source extends Described>() => ({
  name: leaf<Source>(({ name }) => name),
  description: leaf<Source>(({ description }) => description ?? null)
})

const notDeprecated = <Source>() => ({
  isDeprecated: leaf<Source>(() => false),
  deprecationReason: leaf<Source>(() => null)
})

const kinds = [
  "ENUM",
  "INPUT_OBJECT",
  "INTERFACE",
  "LIST",
  "NON_NULL",
  "OBJECT",
  "SCALAR",
  "UNION"
] as const

const typeKind = new GraphQLEnumType({
  name: "__TypeKind",
  values: Object.fromEntries(kinds.map((kind) => [kind, {}]))
})

const kindOf = (of: GraphQLType): (typeof kinds)[number] => {
  if (isNonNullType(of)) return "NON_NULL"
  if (isListType(of)) return "LIST"
  if (isEnumType(of)) return "ENUM"
  if (isInputObjectType(of)) return "INPUT_OBJECT"
  return isObjectType(of) ? "OBJECT" : "SCALAR"
}

const inputValue: MetaType<GraphQLArgument | GraphQLInputField> = make("__InputValue", () => ({
  ...described(),
  type: one(
    () => type,
    (source) => source.type
  ),
  defaultValue: leaf((source) => {
    const { defaultValue } = source
    const ast = defaultValue === undefined ? undefined : astFromValue(defaultValue, source.type)
    return ast === undefined || ast === null ? null : print(ast)
  })
}))

const enumValue: MetaType<GraphQLEnumValue> = make("__EnumValue", () => ({
  ...described(),
  ...notDeprecated()
}))

const field: MetaType<GraphQLField<unknown, unknown>> = make("__Field", () => ({
  ...described(),
  args: many(
    () => inputValue,
    ({ args }) => byName(args)
  ),
  type: one(
    () => type,
    (source) => source.type
  ),
  ...notDeprecated()
}))

export const type: MetaType<GraphQLType> = make(
  "__Type",
  (): Readonly<Record<string, MetaField<GraphQLType>>> => ({
    kind: leaf(kindOf, new GraphQLNonNull(typeKind)),
    name: leaf((source) => ("name" in source ? source.name : null)),
    description: leaf((source) => ("description" in source ? (source.description ?? null) : null)),
    fields: withDeprecated(
      many(
        () => field,
        (source) => (isObjectType(source) ? Object.values(source.getFields()) : null)
      )
    ),
    interfaces: many(
      () => type,
      (source) => (isObjectType(source) ? [] : null)
    ),
    possibleTypes: many(
      () => type,
      () => null
    ),
    enumValues: withDeprecated(
      many(
        () => enumValue,
        (source) => (isEnumType(source) ? source.getValues() : null)
      )
    ),
    inputFields: many(
      () => inputValue,
      (source) => (isInputObjectType(source) ? Object.values(source.getFields()) : null)
    ),
    ofType: one(
      () => type,
      (source) => (isNonNullType(source) || isListType(source) ? source.ofType : null)
    )
  })
)

const directive: MetaType<GraphQLDirective> = make("__Directive", () => ({
  ...described(),
  locations: leaf(({ locations }) => locations),
  args: many(
    () => inputValue,
    ({ args }) => args
  ),
  isRepeatable: leaf(({ isRepeatable }) => isRepeatable, new GraphQLNonNull(GraphQLBoolean))
}))

/**
 * Hasura's introspection. It has Hasura's directives, and sorts types by name. It has no additions
 * of later editions of the GraphQL specification (`specifiedByURL`, `isOneOf`, deprecated
 * arguments).
 */
export const schema: MetaType<GraphQLSchema> = make("__Schema", () => ({
  description: leaf(() => null),
  types: many(() => type, typesOf),
  queryType: one(
    () => type,
    (source) => source.getQueryType()
  ),
  mutationType: one(
    () => type,
    (source) => source.getMutationType()
  ),
  subscriptionType: one(
    () => type,
    (source) => source.getSubscriptionType()
  ),
  directives: many(
    () => directive,
    (source) => source.getDirectives()
  )
}))

const metaTypes: ReadonlyArray<GraphQLNamedType> = [
  ...[schema, type, field, inputValue, enumValue, directive].map(({ graphql }) => graphql),
  typeKind
]

const byName = <A extends { readonly name: string }>(items: ReadonlyArray<A>): ReadonlyArray<A> =>
  [...items].sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))

/** The types of a schema, and the types that introspection defines. */
export const typesOf = (of: GraphQLSchema): ReadonlyArray<GraphQLNamedType> =>
  byName([
    ...Object.values(of.getTypeMap()).filter(({ name }) => !name.startsWith("__")),
    ...metaTypes
  ])
