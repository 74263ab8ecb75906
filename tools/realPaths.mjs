// Node decides by the file that it looked at last whether it follows symbolic links to packages:
// if that was a pipe or a socket, such as one that a test removes, an `import` of a package fails
// with "Cannot find package" (issue 51142 of Node, open since 2023; seen with Node 20.20). Files of
// tests share a process, so each of them looks at an ordinary file first.

import { lstatSync } from "node:fs"

lstatSync(import.meta.filename)
