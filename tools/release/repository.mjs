// What a published package says about its repository. A clone does not know the repository's
// address, so the manifests of the tree have none, and links in READMEs are relative, as GitHub
// shows them. npm shows a README without the files around it.

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
