import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLNonNull,
  type GraphQLScalarType
} from "graphql"

const conditional = (name: string, description: string): GraphQLDirective =>
  new GraphQLDirective({
    name,
    description,
    locations: [
      DirectiveLocation.FIELD,
      DirectiveLocation.FRAGMENT_SPREAD,
      DirectiveLocation.INLINE_FRAGMENT
    ],
    args: { if: { type: new GraphQLNonNull(GraphQLBoolean) } }
  })

/** Hasura's directives. They replace the directives that graphql-js adds to every schema. */
export const directives = (integer: GraphQLScalarType): ReadonlyArray<GraphQLDirective> => [
  conditional("include", "whether this query should be included"),
  conditional("skip", "whether this query should be skipped"),
  new GraphQLDirective({
    name: "cached",
    description: "whether this query should be cached (Hasura Cloud only)",
    locations: [DirectiveLocation.QUERY],
    args: {
      ttl: {
        description: "measured in seconds",
        type: new GraphQLNonNull(integer),
        defaultValue: 60
      },
      refresh: {
        description: "refresh the cache entry",
        type: new GraphQLNonNull(GraphQLBoolean),
        defaultValue: false
      }
    }
  })
]
