/**
 * Prevents a browser from showing an answer as a page of this origin. A fault can contain any text,
 * whose scripts would have the permissions of pages of this machine.
 */
export const notAPage = {
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff"
}
