/** The version in package.json, which a bundle does not have. Written by tools/release.mjs. */
export const version = "0.0.0"
