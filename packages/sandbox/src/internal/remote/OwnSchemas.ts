import { randomBytes } from "node:crypto"
import { schemas } from "../data/schemas.js"
import { relation } from "../everyType/table.js"

/** The schemas that the statements of the sandbox name, and their common beginning. */
const named = [...Object.values(schemas), relation.schema]
const prefix = schemas.shared

/** A sandbox's own set of schemas in a database that others use as well. */
export interface OwnSchemas {
  /** Eight hexadecimal digits. */
  readonly id: string
  readonly names: ReadonlyArray<string>
  /**
   * A statement with the own schemas in place of those that it names: values are parameters and
   * never part of it.
   */
  readonly in: (statement: string) => string
}

export const make = (): OwnSchemas => of(randomBytes(4).toString("hex"))

const of = (id: string): OwnSchemas => {
  const within = (statement: string) => statement.replaceAll(prefix, `${prefix}_${id}`)
  return { id, names: named.map(within), in: within }
}

/** Says in the database itself that a sandbox made a schema. Without it, none is ever dropped. */
const mark = "Made by innerspace-sandbox, which drops it when it stops"

/** The lock that a sandbox holds while it lives: its own one among those of all sandboxes. */
export const lockOf = ({ id }: OwnSchemas): readonly [space: number, key: number] => [
  7_131_020,
  Number.parseInt(id, 16) | 0
]

/** Makes all of them with their mark, or none. */
export const createStatement = ({ names }: OwnSchemas): string =>
  `do $create$ begin
  ${names.map((name) => `create schema ${name}; comment on schema ${name} is '${mark}';`).join("\n  ")}
end $create$`

/** Drops those that are there and have the mark. */
export const dropStatement = ({ names }: OwnSchemas): string =>
  `do $drop$ declare own record; begin
  for own in select nspname from pg_namespace
    where nspname in (${names.map((name) => `'${name}'`).join(", ")})
    and obj_description(oid, 'pg_namespace') = '${mark}'
  loop execute format('drop schema %I cascade', own.nspname); end loop;
end $drop$`

/** All schemas that have the mark. */
export const foundStatement = `select nspname as name from pg_namespace
  where obj_description(oid, 'pg_namespace') = '${mark}'`

/** The sets that schemas belong to, by the exact form of their names. */
export const setsOf = (found: ReadonlyArray<string>): ReadonlyArray<OwnSchemas> => {
  const ids = found.flatMap(
    (name) => new RegExp(`^${prefix}_([0-9a-f]{8})(?:_|$)`).exec(name)?.[1] ?? []
  )
  return [...new Set(ids)].map(of).filter(({ names }) => found.some((name) => names.includes(name)))
}
