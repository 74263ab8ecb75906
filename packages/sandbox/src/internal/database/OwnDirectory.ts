/**
 * Directories that sandboxes make beside other people's: one is removed only if its name has the
 * exact form and a file inside says that a sandbox made it. Links are never followed.
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

/** The process that made a directory, as others can find it. */
const Mark = Schema.parseJson(
  Schema.Struct({
    madeBy: Schema.Literal(madeBy),
    host: Schema.String,
    /** Where process ids are shared by a host's containers, they are numbers of different lists. */
    processes: Schema.String,
    pid: Schema.Int
  })
)
type Mark = typeof Mark.Type

/** What holds the database, apart from the mark. */
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

/** A relative path would be a folder of wherever the program was started. */
export const temporaryRoot = (): string => {
  const root = tmpdir()
  if (isAbsolute(root)) return root
  return process.platform === "win32"
    ? join(process.env["SystemRoot"] ?? "C:\\Windows", "Temp")
    : "/tmp"
}

/**
 * What tells one directory of a name from the next one of the same name; undefined if no sandbox
 * made it.
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
    // A directory for temporary files is everybody's.
    const isOwn = process.getuid === undefined || directory.uid === process.getuid()
    if (!directory.isDirectory() || !file.isFile() || !isOwn) return undefined
    const owner = Schema.decodeUnknownSync(Mark)(await readFile(join(path, markName), "utf8"))
    return { owner, identity: `${directory.dev} ${directory.ino} ${file.ino}`, made: file.mtimeMs }
  } catch {
    return undefined
  }
}

/**
 * Those of a parent directory whose names have a form and that a sandbox made, the newest first.
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
 * Removes a directory that a sandbox made, and nothing else. It loses its name first: a process
 * that copies it fails at once, and does not get a part of it.
 */
export const remove = async (path: string): Promise<void> => {
  if ((await read(path)) === undefined) return
  const nameless = `${path.replace(uuid, "")}.${randomUUID()}`
  await rename(path, nameless)
  // The mark goes last, so that what is left of an interrupted removal can be removed later.
  await rm(dataOf(nameless), { recursive: true, force: true })
  await rm(nameless, { recursive: true, force: true })
}

const uuid = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Removes what processes left behind that were killed: those that were on this machine and are
 * there no more.
 */
export const removeAbandoned = async (parent: string, form: RegExp): Promise<void> => {
  const here = await processList()
  for (const path of await list(parent, form)) {
    const owner = (await read(path))?.owner
    if (owner?.host !== hostname() || owner.processes !== here || isAlive(owner.pid)) continue
    await remove(path).catch(() => {})
  }
}

/** A process of another user's is alive too, although nothing may be sent to it. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH")
  }
}
