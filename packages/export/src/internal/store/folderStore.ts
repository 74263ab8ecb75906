/** A dataset in a folder: Parquet files in Hive paths, and a manifest. */
import { mkdir, readdir, readFile, rename, rm, stat, unlink } from "node:fs/promises"
import { basename, dirname, join, relative, resolve, sep } from "node:path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { DatasetError } from "../../DatasetError.js"
import type { ExportError } from "../../ExportError.js"
import { prepare, syncFolder, writeWhole } from "../files/atomicFile.js"
import { step, unless } from "../files/system.js"
import * as Manifest from "./manifest.js"
import { digestOf, readBytes, readRows, writeRows } from "./partFile.js"
import * as Pending from "./pending.js"
import { generationOf, writeRestated } from "./restatedFile.js"
import type { PartChange, Store, StoreError } from "./store.js"

export const folderStore = (dataset: string, zone: string): Store => {
  const root = resolve(dataset)
  const manifestPath = join(root, "manifest.json")
  const pendingPath = join(root, "pending.json")
  const restated = `${root}.restated`
  /**
   * Temporary files are next to the dataset, because readers read every file in the folder of a
   * table as a part.
   */
  const temporary = `${root}.dataset-`
  const newTemporary = () => `${temporary}${crypto.randomUUID()}.tmp`
  const staging = `${temporary}staging.tmp`
  const replaced = `${temporary}replaced.tmp`
  const fileOf = (path: string) => join(root, ...path.split("/"))

  const readText = (path: string) =>
    step("read", path, () => readFile(path, "utf8")).pipe(unless("ENOENT"))

  const writeText = (path: string, text: string) =>
    Effect.asVoid(writeWhole(path, newTemporary(), (sink) => sink.write(Buffer.from(text))))

  const remove = (path: string) =>
    step("remove", path, () => rm(path, { recursive: true, force: true }))

  const exists = (path: string) =>
    Effect.map(
      step("read", path, () => stat(path)).pipe(unless("ENOENT")),
      (found) => found !== undefined
    )

  const load = Effect.gen(function* () {
    const text = yield* readText(manifestPath)
    return text === undefined ? undefined : yield* Manifest.decode(text, dataset, manifestPath)
  })

  /** Replaces the manifest, unless a process without the lock has changed it. */
  const store = (before: Manifest.Manifest, after: Manifest.Manifest) =>
    Effect.gen(function* () {
      const found = yield* load
      if (found?.generation !== before.generation) {
        return yield* new DatasetError({
          reason: "Conflict",
          problem: `${manifestPath} is of generation ${found?.generation ?? "none"}, not ${before.generation}: another process has changed it`,
          hint: "Let one process at a time write the dataset, and run it again",
          dataset,
          path: manifestPath
        })
      }
      yield* writeText(manifestPath, Manifest.encode(after))
      return after
    })

  /**
   * Changes files and then the manifest. If the process is killed, the next `open` completes or
   * undoes the change.
   */
  const commit = (
    manifest: Manifest.Manifest,
    pending: Omit<Pending.Pending, "generation">,
    change: Effect.Effect<void, StoreError>
  ) =>
    Effect.uninterruptible(
      Effect.gen(function* () {
        const whole = { ...pending, generation: manifest.generation + 1 }
        yield* writeText(pendingPath, Pending.encode(whole))
        yield* change
        const after = yield* store(manifest, Pending.apply(manifest, whole))
        yield* removeFile(pendingPath)
        return after
      })
    )

  const removeFile = (path: string) =>
    Effect.zipRight(
      step("remove", path, () => unlink(path)).pipe(unless("ENOENT")),
      syncFolder(dirname(path))
    )

  /** Creates a folder, and makes sure that it still exists after a crash of the machine. */
  const createFolder = (path: string) =>
    Effect.gen(function* () {
      const first = yield* step("create the folder", path, () => mkdir(path, { recursive: true }))
      if (first === undefined) return
      for (let at = path; at.length >= first.length; at = dirname(at))
        yield* syncFolder(dirname(at))
    })

  const swap = (table: string) =>
    Effect.gen(function* () {
      const target = join(root, table)
      yield* step("replace", target, () => rename(target, replaced)).pipe(unless("ENOENT"))
      yield* step("replace", target, () => rename(staging, target))
      yield* syncFolder(root)
      yield* syncFolder(dirname(root))
    })

  /**
   * Whether the files of a change have their final state. If a process was killed while it renamed
   * or removed files, this first completes these steps.
   */
  const isDone = (pending: Pending.Pending) =>
    Effect.gen(function* () {
      if (pending.isRewrite && pending.table !== null) {
        if (!(yield* exists(staging))) return true
        // The old and the new folder have temporary names, so the process was killed between the
        // two renames.
        if (yield* exists(replaced)) {
          yield* swap(pending.table.name)
          return true
        }
        return false
      }
      for (const path of pending.removed) yield* removeFile(fileOf(path))
      for (const { path, sha256 } of pending.parts) {
        if ((yield* digestAt(path)) !== sha256) return false
      }
      return true
    })

  const isPending = (part: Manifest.Part, text: string) =>
    Effect.gen(function* () {
      const pending = Pending.decode(text, dataset, pendingPath)
      if (Either.isLeft(pending)) return false
      const { isRewrite, parts, removed, table } = pending.right
      if (isRewrite) return table?.name === part.table
      if (removed.includes(part.path)) return true
      const changed = parts.find(({ path }) => path === part.path)
      return changed !== undefined && (yield* digestAt(part.path)) === changed.sha256
    })

  /** The digest of a file, or null if there is no file. */
  const digestAt = (path: string) =>
    Effect.map(step("read", path, () => readFile(fileOf(path))).pipe(unless("ENOENT")), (bytes) =>
      bytes === undefined ? null : digestOf(bytes)
    )

  const recover = (manifest: Manifest.Manifest) =>
    Effect.gen(function* () {
      let current = manifest
      const text = yield* readText(pendingPath)
      if (text !== undefined) {
        const pending = yield* Pending.decode(text, dataset, pendingPath)
        if (pending.generation === manifest.generation + 1 && (yield* isDone(pending))) {
          current = yield* store(manifest, Pending.apply(manifest, pending))
        }
        yield* removeFile(pendingPath)
      }
      // Remove the restated rows of changes that were undone, and temporary files.
      for (const name of yield* names(restated)) {
        if (generationOf(name) > current.generation) yield* remove(join(restated, name))
      }
      const parent = dirname(root)
      for (const name of yield* names(parent)) {
        if (name.startsWith(basename(temporary)) && name.endsWith(".tmp")) {
          yield* remove(join(parent, name))
        }
      }
      return current
    })

  const names = (path: string): Effect.Effect<ReadonlyArray<string>, ExportError> =>
    Effect.map(
      step("read", path, () => readdir(path)).pipe(unless("ENOENT")),
      (names) => names ?? []
    )

  const foreignFile = (manifest: Manifest.Manifest) =>
    Effect.gen(function* () {
      const known = new Set(
        manifest.parts.flatMap(({ path, sha256 }) => (sha256 === null ? [] : [path]))
      )
      for (const table of Object.keys(manifest.tables)) {
        const folder = join(root, table)
        const found = yield* step("read", folder, () =>
          readdir(folder, { recursive: true, withFileTypes: true })
        ).pipe(unless("ENOENT"))
        for (const entry of found ?? []) {
          const path = join(entry.parentPath, entry.name)
          const name = relative(root, path).split(sep).join("/")
          if (/\.parquet$/i.test(name) && !known.has(name)) {
            return new DatasetError({
              reason: "ForeignFile",
              problem: `${path} is not a part of the dataset, but readers of ${table} take it for one`,
              hint: "Move it out of the folder",
              dataset,
              table,
              path
            })
          }
        }
      }
      return undefined
    })

  const open = Effect.gen(function* () {
    const found = yield* load
    if (found === undefined) {
      const others = (yield* names(root)).filter((name) => name !== "pending.json")
      if (others.length > 0) {
        return yield* new DatasetError({
          reason: "NotADataset",
          problem: `${root} has no manifest.json, but other files, such as ${others[0]}`,
          hint: "Pass an empty folder or a new one, or restore the manifest",
          dataset,
          path: root
        })
      }
      yield* createFolder(root)
      yield* writeText(manifestPath, Manifest.encode(Manifest.empty(zone)))
    }
    const manifest = yield* recover(found ?? Manifest.empty(zone))
    const foreign = yield* foreignFile(manifest)
    return foreign === undefined ? manifest : yield* foreign
  })

  const infoOf = (manifest: Manifest.Manifest, { table }: PartChange) => {
    const info = manifest.tables[table.name]
    return info === undefined
      ? { name: table.name, info: { schemaVersion: 1, columns: table.columns } }
      : null
  }

  const replace: Store["replace"] = (manifest, change) => {
    const { comparison, part, table } = change
    const { rows } = comparison
    const before = manifest.parts.find(({ path }) => path === part.path)
    const path = fileOf(part.path)
    const pendingOf = (entry: Manifest.Part) => ({
      parts: [entry],
      removed: [],
      table: infoOf(manifest, change),
      isRewrite: false
    })
    const report = writeRestated(
      restated,
      newTemporary(),
      manifest.generation + 1,
      change,
      createFolder
    )
    if (rows.length === 0) {
      return commit(
        manifest,
        pendingOf({ ...part, rows: 0, bytes: 0, sha256: null }),
        Effect.zipRight(report, removeFileIn(path))
      )
    }
    return prepare(
      path,
      newTemporary(),
      (sink) => writeRows(path, table.columns, rows, part.month, sink),
      ({ bytes, commit: rename, sha256 }) => {
        const entry = { ...part, rows: rows.length, bytes, sha256 }
        return before?.sha256 === sha256 && !change.isDamaged
          ? store(
              manifest,
              Pending.apply(manifest, { ...pendingOf(entry), generation: manifest.generation + 1 })
            )
          : commit(
              manifest,
              pendingOf(entry),
              Effect.zipRight(report, Effect.zipRight(createFolder(dirname(path)), rename))
            )
      }
    )
  }

  /** Removes a file. The file or its folder may already be missing. */
  const removeFileIn = (path: string) =>
    Effect.flatMap(exists(path), (isThere) => (isThere ? removeFile(path) : Effect.void))

  return {
    load,
    open,
    read: (table, part) =>
      part.sha256 === null
        ? Effect.succeed({ length: 0, values: table.columns.map(() => []) })
        : readBytes(dataset, fileOf(part.path), part).pipe(
            Effect.flatten,
            Effect.flatMap((bytes) => readRows(fileOf(part.path), bytes, table.columns))
          ),
    replace,
    rewrite: (manifest, table, changes) =>
      Effect.gen(function* () {
        yield* remove(staging)
        yield* createFolder(staging)
        const schemaVersion = (manifest.tables[table.name]?.schemaVersion ?? 0) + 1
        const parts = yield* Stream.runFoldEffect(
          changes,
          [] as ReadonlyArray<Manifest.Part>,
          (parts, { comparison: { rows }, part }) => {
            const entry = { ...part, schemaVersion, rows: rows.length }
            if (rows.length === 0) {
              return Effect.succeed([...parts, { ...entry, bytes: 0, sha256: null }])
            }
            const path = join(staging, ...part.path.split("/").slice(1))
            return Effect.zipRight(
              createFolder(dirname(path)),
              Effect.map(
                writeWhole(path, newTemporary(), (sink) =>
                  writeRows(path, table.columns, rows, part.month, sink)
                ),
                ({ bytes, sha256 }) => [...parts, { ...entry, bytes, sha256 }]
              )
            )
          }
        )
        const kept = new Set(parts.map(({ path }) => path))
        return yield* commit(
          manifest,
          {
            parts,
            removed: manifest.parts.flatMap(({ path, table: name }) =>
              name === table.name && !kept.has(path) ? [path] : []
            ),
            table: { name: table.name, info: { schemaVersion, columns: table.columns } },
            isRewrite: true
          },
          swap(table.name)
        ).pipe(Effect.tap(remove(replaced)))
      }),
    remove: (manifest, parts) =>
      commit(
        manifest,
        {
          parts: [],
          removed: parts.map(({ path }) => path),
          table: null,
          isRewrite: false
        },
        Effect.forEach(parts, ({ path }) => removeFileIn(fileOf(path)), { discard: true })
      ),
    check: (part) =>
      Effect.gen(function* () {
        if (part.sha256 === null) return undefined
        const bytes = yield* readBytes(dataset, fileOf(part.path), part)
        if (Either.isRight(bytes)) return undefined
        // If a killed process has changed this file, the part is not damaged: the next sync
        // completes the change.
        const pending = yield* readText(pendingPath)
        return pending !== undefined && (yield* isPending(part, pending)) ? undefined : bytes.left
      })
  }
}
