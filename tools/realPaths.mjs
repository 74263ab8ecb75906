// Runs before each test file, because of issue 51142 of Node (open since 2023; seen with Node
// 20.20). If the last file whose state Node has read was a pipe or a socket, Node does not follow
// symbolic links to packages. An `import` of a package then fails with "Cannot find package". Test
// files share a process, and some tests remove a socket, so each test file first reads the state of
// an ordinary file.

import { lstatSync } from "node:fs"

lstatSync(import.meta.filename)
