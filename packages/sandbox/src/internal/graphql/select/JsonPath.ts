/**
 * The paths that Hasura accepts in `column(path: "...")`: `$.a.b`, `a.b`, `list[0]`, `['a key']`,
 * `["a key"]`. The leading `$` may be left out, and `$` alone means the whole value. Returns
 * `undefined` for anything else.
 */
export const parse = (path: string): ReadonlyArray<string> | undefined => {
  if (path === "$") return []
  const keys: Array<string> = []
  let at = path.startsWith("$") ? 1 : 0
  do {
    const found = readElement(path, at)
    if (found === undefined) return undefined
    keys.push(found.key)
    at = found.end
  } while (at < path.length)
  return keys
}

const name = /\.?([\p{L}_][\p{L}0-9_-]*)/uy
const index = /\.?\[(\d+)\]/y
const doubleQuoted = /\.?\["((?:\\.|[^"\\])*)"\]/sy
const singleQuoted = /\.?\['((?:\\.|[^'\\])*)'\]/sy

const readElement = (
  path: string,
  at: number
): { readonly key: string; readonly end: number } | undefined => {
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(path)
    end = pattern.lastIndex
    return found?.[1]
  }
  let end = at
  const plain = match(name)
  if (plain !== undefined) return { key: plain, end }
  const number = match(index)
  if (number !== undefined) return { key: String(BigInt(number)), end }
  const double = match(doubleQuoted)
  const quoted = double ?? withDoubleQuotes(match(singleQuoted))
  const key = quoted === undefined ? undefined : unescape(quoted)
  return key === undefined ? undefined : { key, end }
}

/** Converts the text between single quotes to the syntax between double quotes. */
const withDoubleQuotes = (text: string | undefined): string | undefined =>
  text?.replace(/\\'|"|\\./gs, (part) => (part === "\\'" ? "'" : part === '"' ? '\\"' : part))

const unescape = (text: string): string | undefined => {
  try {
    return JSON.parse(`"${text}"`)
  } catch {
    return undefined
  }
}
