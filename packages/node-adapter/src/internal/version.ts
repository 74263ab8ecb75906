/** The version in package.json, which bundles do not contain. tools/release/steps.mjs writes it. */
export const version = "0.0.0"
