/**
 * Headers that take the rights of this origin from a response which a browser shows as a page. A
 * fault can contain any text, and scripts in it would have the permissions of this machine's pages.
 */
export const notAPage = {
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff"
}
