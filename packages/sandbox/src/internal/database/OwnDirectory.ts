/**
 * Directories that sandboxes create next to other directories. Such a directory is removed only if
 * its name has the exact form and a file in it says that a sandbox created it. Links are never
 * followed.
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

/** Identifies the process that created a directory. */
const Mark = Schema.parseJson(
  Schema.Struct({
    madeBy: Schema.Literal(madeBy),
    host: Schema.String,
    /** The namespace of the process id, because containers on a host have separate ids. */
    processes: Schema.String,
    pid: Schema.Int
  })
)
type Mark = typeof Mark.Type

/** The database's own directory, separate from the mark. */
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

/** A relative path would depend on the working directory. */
export const temporaryRoot = (): string => {
  const root = tmpdir()
  if (isAbsolute(root)) return root
  return process.platform === "win32"
    ? join(process.env["SystemRoot"] ?? "C:\\Windows", "Temp")
    : "/tmp"
}

/**
 * Distinguishes a directory from a later one of the same name. `undefined` if no sandbox created
 * it.
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
    // Every user can write to a directory for temporary files.
    const isOwn = process.getuid === undefined || directory.uid === process.getuid()
    if (!directory.isDirectory() || !file.isFile() || !isOwn) return undefined
    const owner = Schema.decodeUnknownSync(Mark)(await readFile(join(path, markName), "utf8"))
    return { owner, identity: `${directory.dev} ${directory.ino} ${file.ino}`, made: file.mtimeMs }
  } catch {
    return undefined
  }
}

/** The directories in a parent whose names have a form and that a sandbox created, newest first. */
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
 * Removes a directory only if a sandbox created it. Renames it first, so that a process that copies
 * it fails at once instead of getting a part.
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

/** A process of another user is alive too, although sending it a signal is not allowed. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH")
  }
}
