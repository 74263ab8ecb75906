/**
 * The path that a person returns to after a sign-in, or `/` if the text is not a path of this app.
 * A link to the sign-in must not lead to another site (open redirect).
 */
export const returnTo = (text: string | null | undefined, app: URL): string => {
  if (text === null || text === undefined || !text.startsWith("/")) return "/"
  // Browsers remove tabs and line breaks, and read a backslash as a slash.
  const hasControl = [...text].some((character) => character <= " " || character === "\x7f")
  if (hasControl || text.includes("\\") || !URL.canParse(text, app.origin)) return "/"
  const { hash, origin, pathname, search } = new URL(text, app.origin)
  return origin === app.origin && !pathname.startsWith("//") ? pathname + search + hash : "/"
}
