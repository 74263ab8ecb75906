// Writes the entries of CHANGELOG.md: the text of each changeset, without commit hashes. The
// entries name a package of this repository as a dependency only if users must install another
// version of this package.

/** @param {{ summary: string }} changeset */
async function getReleaseLine({ summary }) {
  const [first = "", ...others] = summary.trim().split("\n")
  return [`- ${first}`, ...others.map((line) => (line.trim() === "" ? "" : `  ${line}`))].join("\n")
}

/**
 * @param {ReadonlyArray<unknown>} _changesets
 * @param {ReadonlyArray<{ name: string, newVersion: string }>} dependencies
 */
async function getDependencyReleaseLine(_changesets, dependencies) {
  return dependencies
    .map(({ name, newVersion }) => `- Needs \`${name}\` ${newVersion} or newer.`)
    .join("\n")
}

module.exports = { getReleaseLine, getDependencyReleaseLine }
