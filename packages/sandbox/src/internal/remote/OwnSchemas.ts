import { randomBytes } from "node:crypto"
import { schemas } from "../data/schemas.js"
import { relation } from "../everyType/table.js"

/** The names of the schemas in the sandbox's statements. All of them begin with a common prefix. */
const named = [...Object.values(schemas), relation.schema]
const prefix = schemas.shared

/** A sandbox's own set of schemas in a shared database. */
export interface OwnSchemas {
  /** The random id of the sandbox, eight hexadecimal digits. */
  readonly id: string
  readonly names: ReadonlyArray<string>
  /**
   * Replaces the names of schemas in a statement with the names of this sandbox's own schemas.
   * Values cannot be replaced by mistake, because they are parameters.
   */
  readonly in: (statement: string) => string
}

export const make = (): OwnSchemas => of(randomBytes(4).toString("hex"))

const of = (id: string): OwnSchemas => {
  const within = (statement: string) => statement.replaceAll(prefix, `${prefix}_${id}`)
  return { id, names: named.map(within), in: within }
}

/**
 * A comment that marks a schema as created by a sandbox. A schema without this mark is never
 * dropped.
 */
const mark = "Made by innerspace-sandbox, which drops it when it stops"

/** The lock that a sandbox holds while it is alive. Each sandbox has its own. */
export const lockOf = ({ id }: OwnSchemas): readonly [space: number, key: number] => [
  7_131_020,
  Number.parseInt(id, 16) | 0
]

/** Creates all schemas with the mark, or no schema. */
export const createStatement = ({ names }: OwnSchemas): string =>
  `do $create$ begin
  ${names.map((name) => `create schema ${name}; comment on schema ${name} is '${mark}';`).join("\n  ")}
end $create$`

/** Drops the existing schemas that have the mark. */
export const dropStatement = ({ names }: OwnSchemas): string =>
  `do $drop$ declare own record; begin
  for own in select nspname from pg_namespace
    where nspname in (${names.map((name) => `'${name}'`).join(", ")})
    and obj_description(oid, 'pg_namespace') = '${mark}'
  loop execute format('drop schema %I cascade', own.nspname); end loop;
end $drop$`

/** Selects all schemas with the mark. */
export const foundStatement = `select nspname as name from pg_namespace
  where obj_description(oid, 'pg_namespace') = '${mark}'`

/** Groups the names of schemas by sandbox. Names that do not match the pattern are left out. */
export const setsOf = (found: ReadonlyArray<string>): ReadonlyArray<OwnSchemas> => {
  const ids = found.flatMap(
    (name) => new RegExp(`^${prefix}_([0-9a-f]{8})(?:_|$)`).exec(name)?.[1] ?? []
  )
  return [...new Set(ids)].map(of).filter(({ names }) => found.some((name) => names.includes(name)))
}
