/**
 * Keeps a browser from showing an answer as a page of this origin: a fault can be any text, and its
 * scripts could do what the pages of this machine may.
 */
export const notAPage = {
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff"
}
