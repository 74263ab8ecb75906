/**
 * Directories that sandboxes create, next to directories of other programs. A directory is removed
 * only if its name has the form of such names, and a file in the directory (the mark) says that a
 * sandbox created it. Links are never followed.
 */
import { randomUUID } from "node:crypto"
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  writeFile
} from "node:fs/promises"
import { hostname, tmpdir } from "node:os"
import { isAbsolute, join } from "node:path"
import * as Schema from "effect/Schema"

const markName = "innerspace-sandbox.json"

const madeBy = "innerspace-sandbox, which may remove this directory"

/** The contents of the mark, which identifies the process that created the directory. */
const Mark = Schema.parseJson(
  Schema.Struct({
    madeBy: Schema.Literal(madeBy),
    host: Schema.String,
    /** The namespace of the process id. Containers on one host have separate namespaces. */
    processes: Schema.String,
    pid: Schema.Int
  })
)
type Mark = typeof Mark.Type

/** The directory of the database's files. The mark is next to this directory, not in it. */
export const dataOf = (path: string): string => join(path, "data")

const mark = async (path: string): Promise<string> => {
  const owner: Mark = { madeBy, host: hostname(), processes: await processList(), pid: process.pid }
  await writeFile(join(path, markName), JSON.stringify(owner))
  return path
}

const processList = (): Promise<string> => readlink("/proc/self/ns/pid").catch(() => "")

export const make = async (path: string): Promise<string> => {
  await mkdir(path)
  return mark(path)
}

export const makeTemporary = async (prefix: string): Promise<string> =>
  mark(await mkdtemp(join(temporaryRoot(), prefix)))

/**
 * The directory for temporary files. A relative path is not used, because it would depend on the
 * working directory.
 */
export const temporaryRoot = (): string => {
  const root = tmpdir()
  if (isAbsolute(root)) return root
  return process.platform === "win32"
    ? join(process.env["SystemRoot"] ?? "C:\\Windows", "Temp")
    : "/tmp"
}

/**
 * A text that identifies a directory. A later directory of the same name has another text. Returns
 * `undefined` if no sandbox created the directory.
 */
export const identityOf = async (path: string): Promise<string | undefined> =>
  (await read(path))?.identity

const read = async (
  path: string
): Promise<
  { readonly owner: Mark; readonly identity: string; readonly made: number } | undefined
> => {
  try {
    const [directory, file] = [await lstat(path), await lstat(join(path, markName))]
    // In a directory for temporary files, other users can create directories too.
    const isOwn = process.getuid === undefined || directory.uid === process.getuid()
    if (!directory.isDirectory() || !file.isFile() || !isOwn) return undefined
    const owner = Schema.decodeUnknownSync(Mark)(await readFile(join(path, markName), "utf8"))
    return { owner, identity: `${directory.dev} ${directory.ino} ${file.ino}`, made: file.mtimeMs }
  } catch {
    return undefined
  }
}

/**
 * The directories in `parent` that a sandbox created and whose names match `form`. The newest is
 * first.
 */
export const list = async (parent: string, form: RegExp): Promise<ReadonlyArray<string>> => {
  const names = await readdir(parent).catch(() => [])
  const found = await Promise.all(
    names
      .filter((name) => form.test(name))
      .map(async (name) => {
        const path = join(parent, name)
        const made = (await read(path))?.made
        return made === undefined ? [] : [{ path, made }]
      })
  )
  return found
    .flat()
    .sort((left, right) => right.made - left.made)
    .map(({ path }) => path)
}

/**
 * Removes a directory only if a sandbox created it. Renames the directory first, so that a process
 * that copies it fails at once and gets no incomplete copy.
 */
export const remove = async (path: string): Promise<void> => {
  if ((await read(path)) === undefined) return
  const nameless = `${path.replace(uuid, "")}.${randomUUID()}`
  await rename(path, nameless)
  // The mark is removed last, so that an interrupted removal can be completed later.
  await rm(dataOf(nameless), { recursive: true, force: true })
  await rm(nameless, { recursive: true, force: true })
}

const uuid = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Removes directories that killed processes of this machine left behind. */
export const removeAbandoned = async (parent: string, form: RegExp): Promise<void> => {
  const here = await processList()
  for (const path of await list(parent, form)) {
    const owner = (await read(path))?.owner
    if (owner?.host !== hostname() || owner.processes !== here || isAlive(owner.pid)) continue
    await remove(path).catch(() => {})
  }
}

/**
 * Whether a process exists. For a process of another user, `kill` fails, but with another code than
 * ESRCH.
 */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH")
  }
}
