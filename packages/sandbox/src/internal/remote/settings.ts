/**
 * Settings that could change a text in a response, the order of rows, or the success of a
 * statement. A server, a database or a role may have other values. Each connection therefore sets
 * all of these settings when it opens. Settings of a connection take precedence over settings of a
 * role or a database.
 */
const fixed: Readonly<Record<string, string>> = {
  TimeZone: "UTC",
  timezone_abbreviations: "Default",
  DateStyle: "ISO,MDY",
  IntervalStyle: "postgres",
  bytea_output: "hex",
  extra_float_digits: "1",
  xmlbinary: "base64",
  client_encoding: "UTF8",
  client_min_messages: "warning",
  lc_monetary: "C",
  lc_numeric: "C",
  lc_time: "C",
  standard_conforming_strings: "on",
  transform_null_equals: "off",
  array_nulls: "on",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  default_transaction_deferrable: "off",
  row_security: "on",
  default_tablespace: "",
  default_table_access_method: "heap",
  statement_timeout: "0",
  lock_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  // With these settings, PostgreSQL always finds rows in the same order. Rows without `order by`
  // are returned in this order, and floats are summed in this order.
  max_parallel_workers_per_gather: "0",
  synchronize_seqscans: "off",
  jit: "off"
}

/** Settings of later PostgreSQL versions. An older server rejects names that it does not know. */
const since: ReadonlyArray<readonly [version: number, name: string, value: string]> = [
  [140_000, "idle_session_timeout", "0"],
  [170_000, "transaction_timeout", "0"]
]

export interface Session {
  /**
   * `server_version_num`. If it is missing, only settings that every supported version has are
   * used.
   */
  readonly version?: number
  /** Whether the language of the server's messages can be set, which requires a superuser. */
  readonly isSuperuser?: boolean
  /** The schemas with the types and operators of extensions. */
  readonly extensionSchemas?: ReadonlyArray<string>
}

/** The settings as the `options` of a connection. */
export const optionsOf = ({ extensionSchemas = [], isSuperuser, version = 0 }: Session): string =>
  Object.entries({
    ...fixed,
    ...Object.fromEntries(
      since.flatMap(([first, name, value]) => (version >= first ? [[name, value]] : []))
    ),
    ...(isSuperuser === true ? { lc_messages: "C" } : {}),
    // Without this path, a statement could find an object of the user instead of PostgreSQL's own
    // object.
    search_path: ["pg_catalog", ...extensionSchemas].map(quoted).join(",")
  })
    .map(([name, value]) => `-c ${name}=${value.replace(/[\s\\]/g, "\\$&")}`)
    .join(" ")

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Adds settings to a URL. The user's settings in the URL are kept, but `options` override them. */
export const withOptions = (url: string, options: string, applicationName: string): string => {
  // The only valid text that is not a URL is the path of a socket, which has no settings.
  if (!URL.canParse(url)) return url
  const changed = new URL(url)
  const given = changed.searchParams.get("options")
  changed.searchParams.set("options", given === null ? options : `${given} ${options}`)
  changed.searchParams.set("application_name", applicationName)
  changed.searchParams.delete("client_encoding")
  return changed.href
}
