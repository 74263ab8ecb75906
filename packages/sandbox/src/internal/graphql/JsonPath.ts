/**
 * The paths that Hasura takes in `column(path: "...")`: `$.a.b`, `a.b`, `list[0]`, `['a key']`, `["a key"]`. The leading
 * `$` or `$.` may be left out; `$` and the empty string mean the whole value. Returns nothing for anything else.
 */
export const parse = (path: string): ReadonlyArray<string> | undefined => {
  let rest = path.replace(/^\$/, "")
  const keys: Array<string> = []
  while (rest.length > 0) {
    const name = /^\.?([^.[\]'"]+)/.exec(rest)
    const index = /^\[(\d+)\]/.exec(rest)
    const quoted = /^\[(?:'([^']+)'|"([^"]+)")\]/.exec(rest)
    const match = index ?? quoted ?? name
    if (match === null) return undefined
    const key = match[1] ?? match[2]
    if (key === undefined) return undefined
    keys.push(key)
    rest = rest.slice(match[0].length)
  }
  return keys
}
