/** Words of a line for a POSIX shell. */

export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A word that is the same with and without quotes has none. */
export const shellWord = (text: string): string =>
  /^[\w./:@,-]+$/.test(text) ? text : quoted(text)
