/** Quotes words for the command line of a POSIX shell. */

export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A word for the command line, in quotes if it needs them. */
export const shellWord = (text: string): string =>
  /^[\w./:@,-]+$/.test(text) ? text : quoted(text)
