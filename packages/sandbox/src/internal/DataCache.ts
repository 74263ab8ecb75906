import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { randomUUID } from "node:crypto"
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import { dataVersion } from "./dataVersion.js"
import { packageVersion } from "./packageVersion.js"

type Image = Uint8Array<ArrayBuffer>

export interface Source<A, E> {
  readonly load: (image: Image) => Effect.Effect<A, E, Scope.Scope>
  readonly create: Effect.Effect<A, E, Scope.Scope>
  readonly dump: (database: A) => Effect.Effect<Image, E>
}

/**
 * Opens a database from its cached image, or creates it and keeps an image for the next start. An image is written beside
 * its name and renamed, so that processes which start at once read a whole one or none. A folder that cannot be written,
 * or an image that cannot be read, costs time and nothing else.
 */
export const open = <A, E>(
  directory: string | undefined,
  seed: number,
  source: Source<A, E>
): Effect.Effect<A, E, Scope.Scope> =>
  Effect.gen(function*() {
    const folder = directory ?? defaultDirectory()
    const name = `${packageVersion}-${databaseVersion}-${yield* dataVersion}-seed-${seed}.tar.gz`
    const file = join(folder, name)
    const image = yield* Effect.option(Effect.tryPromise(() => readImage(file)))
    if (Option.isSome(image)) {
      const loaded = yield* Effect.option(inOwnScope(source.load(image.value)))
      if (Option.isSome(loaded)) return loaded.value
    }
    const created = yield* source.create
    const fresh = yield* Effect.option(source.dump(created))
    if (Option.isSome(fresh)) {
      yield* Effect.ignore(Effect.tryPromise(() => writeImage(folder, file, fresh.value)))
    }
    return created
  })

/** Gives the resource to the surrounding scope on success only. */
const inOwnScope = <A, E>(
  acquire: Effect.Effect<A, E, Scope.Scope>
): Effect.Effect<A, E, Scope.Scope> =>
  Effect.gen(function*() {
    const outer = yield* Effect.scope
    const inner = yield* Scope.fork(outer, ExecutionStrategy.sequential)
    return yield* acquire.pipe(
      Scope.extend(inner),
      Effect.tapErrorCause((cause) => Scope.close(inner, Exit.failCause(cause)))
    )
  })

const defaultDirectory = (): string =>
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "innerspace-metrics-sandbox")

/** An image can be read only by the version of PostgreSQL that wrote it. */
const databaseVersion = "pg18"

const readImage = async (file: string): Promise<Image> => new Uint8Array(await readFile(file))

const writeImage = async (folder: string, file: string, image: Image): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const partial = `${file}.${randomUUID()}`
  try {
    await writeFile(partial, image)
    await rename(partial, file)
  } finally {
    await rm(partial, { force: true })
  }
}
