/**
 * Headers for a response that a browser may show as a page. With these headers, the page does not
 * have the rights of this origin. The response of a fault can contain any text, and scripts in the
 * text would otherwise have the permissions of this machine's pages.
 */
export const notAPage = {
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff"
}
