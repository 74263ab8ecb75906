import type { OwnSchemas } from "./OwnSchemas.js"

/**
 * The name of a collation that orders texts by bytes and uses Unicode's upper and lower case. The
 * embedded database has the same order. The collation of the user's database may have another
 * order.
 */
const nameOf = ({ in: own }: OwnSchemas): string => own("innerspace_sandbox.sandbox_text")

/**
 * Several statements that create the collation. Each server supports at least one of these
 * statements.
 */
export const createStatements = (
  schemas: OwnSchemas,
  version: number,
  databaseType: string
): ReadonlyArray<string> => {
  const name = nameOf(schemas)
  const types = ["C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8"]
  const all = /utf-?8/i.test(databaseType) ? [...types, databaseType] : types
  return [
    ...all.map(
      (type) =>
        `create collation ${name} (provider = libc, lc_collate = 'C', lc_ctype = '${type.replaceAll("'", "''")}')`
    ),
    ...(version >= 170_000
      ? [`create collation ${name} (provider = builtin, locale = 'C.UTF-8')`]
      : []),
    `create collation ${name} from "C"`
  ]
}

/**
 * Replaces each relation of the API that has text columns by a view with the same name. In the
 * view, text columns have the collation, so comparisons and orders use it.
 */
export const applyStatement = (schemas: OwnSchemas): string =>
  `do $collate$ declare relation record; columns text; begin
  for relation in
    select class.oid, namespace.nspname, class.relname, class.relkind
    from pg_class as class join pg_namespace as namespace on namespace.oid = class.relnamespace
    where namespace.nspname in (${schemas.names
      .slice(1)
      .map((name) => `'${name}'`)
      .join(", ")})
    and class.relkind in ('r', 'v')
    and exists (
      select from pg_attribute where attrelid = class.oid and attnum > 0 and attcollation = 100
    )
  loop
    select string_agg(
      case when attcollation = 100 then format('%1$I collate ${nameOf(schemas)} as %1$I', attname)
        else format('%I', attname) end,
      ', ' order by attnum
    ) into columns from pg_attribute
    where attrelid = relation.oid and attnum > 0 and not attisdropped;
    execute format(
      'alter %s %I.%I rename to %I', case relation.relkind when 'r' then 'table' else 'view' end,
      relation.nspname, relation.relname, relation.relname || '_by_default'
    );
    execute format(
      'create view %I.%I as select %s from %I.%I', relation.nspname, relation.relname, columns,
      relation.nspname, relation.relname || '_by_default'
    );
  end loop;
end $collate$`
