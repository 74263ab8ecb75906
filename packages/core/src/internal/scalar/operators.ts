/** The operators of Hasura v2 on PostgreSQL, by type. */
import * as Either from "effect/Either"
import type { Argument, Operators } from "./argument.js"
import * as encode from "./encode.js"

export const one = (type: string, encodeOne: encode.Encode): Argument => ({
  type,
  isList: false,
  encode: encodeOne
})

const many = (type: string, encodeOne: encode.Encode): Argument => ({
  type,
  isList: true,
  // A null in the list of a filter is rejected, because the GraphQL type of the list does not allow
  // null.
  encode: (value) =>
    Array.isArray(value) && !value.includes(null)
      ? Either.all(value.map((element) => encodeOne(element)))
      : Either.left(`a list of values of type ${type}, without null`)
})

const equality = (type: string, encodeOne: encode.Encode): Operators => ({
  _eq: one(type, encodeOne),
  _neq: one(type, encodeOne),
  _in: many(type, encodeOne),
  _nin: many(type, encodeOne),
  _is_null: one("Boolean", encode.boolean)
})

export const enumeration = (type: string, encodeOne: encode.Encode): Operators => ({
  ...equality(type, encodeOne),
  _eq: { ...one(type, encodeOne), isEnum: true },
  _neq: { ...one(type, encodeOne), isEnum: true },
  _in: { ...many(type, encodeOne), isEnum: true },
  _nin: { ...many(type, encodeOne), isEnum: true }
})

export const order = (type: string, encodeOne: encode.Encode): Operators => ({
  ...equality(type, encodeOne),
  _gt: one(type, encodeOne),
  _gte: one(type, encodeOne),
  _lt: one(type, encodeOne),
  _lte: one(type, encodeOne)
})

export const text = (type: string, encodeOne: encode.Encode): Operators => {
  // The variable for the pattern has the type of the column, because the server rejects a variable
  // of type `String` for a column of type `citext`.
  const pattern = one(type, encode.string)
  return {
    ...order(type, encodeOne),
    _like: pattern,
    _nlike: pattern,
    _ilike: pattern,
    _nilike: pattern,
    _similar: pattern,
    _nsimilar: pattern,
    _regex: pattern,
    _nregex: pattern,
    _iregex: pattern,
    _niregex: pattern
  }
}

export const jsonb = (): Operators => ({
  ...order("jsonb", encode.json),
  _contains: one("jsonb", encode.json),
  _contained_in: one("jsonb", encode.json),
  _has_key: one("String", encode.string),
  _has_keys_any: many("String", encode.string),
  _has_keys_all: many("String", encode.string),
  _cast: { casts: { String: text("String", encode.string) } }
})

export const array = (element: string, encodeOne: encode.Encode): Operators => {
  const type = `[${element}!]`
  const { encode: encodeList } = many(element, encodeOne)
  return {
    ...order(type, encodeList),
    _contains: one(type, encodeList),
    _contained_in: one(type, encodeList)
  }
}

export const ltree = (): Operators => ({
  ...order("ltree", encode.string),
  _ancestor: one("ltree", encode.string),
  _ancestor_any: many("ltree", encode.string),
  _descendant: one("ltree", encode.string),
  _descendant_any: many("ltree", encode.string),
  _matches: one("lquery", encode.string),
  // Hasura declares the elements as `String`, although each element is a pattern like the argument
  // of `_matches`.
  _matches_any: many("String", encode.string),
  _matches_fulltext: one("ltxtquery", encode.string)
})
