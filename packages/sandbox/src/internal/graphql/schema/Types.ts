import type { GraphQLFieldConfigMap, GraphQLInputFieldConfigMap } from "graphql"
import { GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType } from "graphql"

/** The types of a schema by name. A type is made on first use, and all uses share it. */
export interface Types {
  readonly object: (
    name: string,
    description: string,
    fields: () => GraphQLFieldConfigMap<unknown, unknown>
  ) => GraphQLObjectType
  readonly input: (
    name: string,
    description: string | undefined,
    fields: () => GraphQLInputFieldConfigMap
  ) => GraphQLInputObjectType
  readonly enumeration: (
    name: string,
    description: string,
    /** The values of an enum, with their descriptions. */
    values: Readonly<Record<string, string>>
  ) => GraphQLEnumType
}

export const make = (): Types => {
  const objects = new Map<string, GraphQLObjectType>()
  const inputs = new Map<string, GraphQLInputObjectType>()
  const enumerations = new Map<string, GraphQLEnumType>()
  return {
    object: (name, description, fields) =>
      once(objects, name, () => new GraphQLObjectType({ name, description, fields })),
    input: (name, description, fields) =>
      once(
        inputs,
        name,
        () => new GraphQLInputObjectType({ name, description: description ?? null, fields })
      ),
    enumeration: (name, description, values) =>
      once(
        enumerations,
        name,
        () =>
          new GraphQLEnumType({
            name,
            description,
            values: Object.fromEntries(
              Object.entries(values).map(([value, comment]) => [value, { description: comment }])
            )
          })
      )
  }
}

const once = <A>(made: Map<string, A>, name: string, make: () => A): A => {
  const known = made.get(name) ?? make()
  made.set(name, known)
  return known
}
