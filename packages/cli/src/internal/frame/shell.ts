/** Quotes words for the command line of a POSIX shell. */

export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A word that does not need quotes gets none. */
export const shellWord = (text: string): string =>
  /^[\w./:@,-]+$/.test(text) ? text : quoted(text)
