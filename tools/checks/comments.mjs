// Reports every comment line beyond column 100, because the formatter wraps code but not comments.
//
//   node tools/checks/comments.mjs [directory]

import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(process.argv[2] ?? join(import.meta.dirname, "../.."))
const lastColumn = 100

const listed = execFileSync("git", ["ls-files", "*.ts", "*.tsx", "*.mjs"], {
  cwd: root,
  encoding: "utf8"
})
const files = listed
  .trim()
  .split("\n")
  // git still lists files that were removed since the last commit.
  .filter((file) => existsSync(join(root, file)))

const reports = files.flatMap((file) =>
  readFileSync(join(root, file), "utf8")
    .split("\n")
    .flatMap((line, index) =>
      line.length > lastColumn && /^\s*(\/\/|\/?\*)/.test(line) && !/biome-ignore/.test(line)
        ? [
            `${file}:${index + 1} has a comment of ${line.length} columns: wrap it at ${lastColumn}.`
          ]
        : []
    )
)

for (const report of reports) console.error(report)
console.log(`comments: ${files.length} files read, ${reports.length} problems`)
process.exit(reports.length === 0 ? 0 : 1)
