// Adds the address of the repository to published packages. A clone does not know this address, so
// the manifests in the repository do not contain it. READMEs in the repository have relative links,
// which work on GitHub but not on npm.

import { posix } from "node:path"

/** The manifest with the repository "owner/name", and the documentation on its GitHub Pages. */
export function withRepository(manifest, name, directory) {
  const [owner, repository] = name.split("/")
  return {
    ...manifest,
    homepage: `https://${owner}.github.io/${repository}/`,
    repository: { type: "git", url: `git+https://github.com/${name}.git`, directory }
  }
}

/** The README with absolute links to the files of the repository. */
export function withAbsoluteLinks(readme, name, directory) {
  return readme.replace(/\]\((?!https?:|#)([^)\s]+)\)/g, (_, link) => {
    const path = posix.normalize(posix.join(directory, link))
    return `](https://github.com/${name}/blob/HEAD/${path})`
  })
}
