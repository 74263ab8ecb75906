/** Tests rules that hold for every catalogue when it is read, written and compared. */
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Column from "@innerspace-metrics/core/Column"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { anyCatalog, contentOf, knownScalars, similarCatalogs } from "./catalogArbitrary.js"
import { introspectionOf } from "./hasuraSchema.js"

const root = join(import.meta.dirname, "../../../..")

const textOf = (catalog: Catalog.Catalog): string =>
  Either.getOrThrow(Catalog.toTypeScript(catalog))

describe("fromIntrospection", () => {
  it.prop(
    "fromIntrospection returns the catalogue from which a schema was made",
    [anyCatalog],
    ([catalog]) => {
      const read = Catalog.fromIntrospection("any", introspectionOf(catalog))
      assert.deepStrictEqual(contentOf(Either.getOrThrow(read)), contentOf(catalog))
    }
  )

  it("fromIntrospection distinguishes the scalars of this library from others", () => {
    const columns = Object.fromEntries(
      knownScalars.map((scalar) => [`${scalar.name}_column`, Column.documented(scalar, "test")])
    )
    const catalog = Catalog.make("known", [Table.make("every_scalar", columns)])
    const read = Either.getOrThrow(Catalog.fromIntrospection("known", introspectionOf(catalog)))
    for (const scalar of knownScalars) {
      const column = read.tables.get("every_scalar")?.byName.get(`${scalar.name}_column`)
      assert.strictEqual(column?.scalar, scalar)
    }
  })
})

describe("diff", () => {
  it.prop("the diff of a catalogue and itself is empty", [anyCatalog], ([catalog]) => {
    const read = Either.getOrThrow(Catalog.fromIntrospection("read", introspectionOf(catalog)))
    assert.deepStrictEqual(Catalog.diff(catalog, read), [])
    assert.deepStrictEqual(Catalog.diff(read, catalog), [])
  })

  it.prop(
    "the diff of two catalogues is empty only if nothing differs",
    [similarCatalogs],
    ([[before, after]]) => {
      const isSame = JSON.stringify(contentOf(before)) === JSON.stringify(contentOf(after))
      assert.strictEqual(Catalog.diff(before, after).length === 0, isSame)
    }
  )

  it.prop(
    "the diff of two catalogues mirrors the diff the other way round",
    [similarCatalogs],
    ([[before, after]]) => {
      assert.sameDeepMembers(Catalog.diff(before, after).map(mirrored), [
        ...Catalog.diff(after, before)
      ])
    }
  )

  it.prop(
    "each change of a diff is formatted as its own line",
    [similarCatalogs],
    ([[before, after]]) => {
      const lines = Catalog.diff(before, after).map(Catalog.formatChange)
      assert.strictEqual(new Set(lines).size, lines.length)
      for (const line of lines) assert.match(line, /^\S+: \S[^\n]*$/)
    }
  )
})

const mirrored = (change: Catalog.Change): Catalog.Change => {
  switch (change._tag) {
    case "TableAdded":
      return { ...change, _tag: "TableRemoved" }
    case "TableRemoved":
      return { ...change, _tag: "TableAdded" }
    case "ColumnAdded":
      return { ...change, _tag: "ColumnRemoved" }
    case "ColumnRemoved":
      return { ...change, _tag: "ColumnAdded" }
    case "RelationshipAdded":
      return { ...change, _tag: "RelationshipRemoved" }
    case "RelationshipRemoved":
      return { ...change, _tag: "RelationshipAdded" }
    case "OperatorAdded":
      return { ...change, _tag: "OperatorRemoved" }
    case "OperatorRemoved":
      return { ...change, _tag: "OperatorAdded" }
    case "ValueAdded":
      return { ...change, _tag: "ValueRemoved" }
    case "ValueRemoved":
      return { ...change, _tag: "ValueAdded" }
    case "NullabilityChanged":
      return { ...change, isNullable: !change.isNullable }
    case "ColumnRetyped":
    case "RelationshipRetyped":
    case "OperatorRetyped":
      return { ...change, before: change.after, after: change.before }
  }
}

describe("toTypeScript", () => {
  it.prop("toTypeScript prints equal text for equal schemas", [anyCatalog], ([catalog]) => {
    const read = Either.getOrThrow(Catalog.fromIntrospection("any", introspectionOf(catalog)))
    assert.strictEqual(textOf(read), textOf(catalog))
  })

  describe("as modules", () => {
    const catalogs = FastCheck.sample(anyCatalog, { numRuns: 30, seed: 20240101 })
    // The folder is inside the package, so that an import of the package's name finds this package.
    const parent = join(import.meta.dirname, "../../.vitest")
    let directory = ""
    beforeAll(() => {
      mkdirSync(parent, { recursive: true })
      directory = mkdtempSync(join(parent, "catalog-"))
      const config = {
        extends: join(root, "tsconfig.base.json"),
        compilerOptions: { composite: false, rootDir: ".", outDir: "out" },
        files: catalogs.map((_, index) => `catalog${index}.ts`)
      }
      writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(config))
      catalogs.forEach((catalog, index) => {
        writeFileSync(join(directory, `catalog${index}.ts`), textOf(catalog))
      })
      tool("tsc", ["-p", directory, "--pretty", "false"])
    }, 60_000)
    afterAll(() => rmSync(directory, { recursive: true, force: true }))

    it.effect("a module of toTypeScript compiles to the catalogue that it was made from", () =>
      Effect.gen(function* () {
        for (const [index, catalog] of catalogs.entries()) {
          const url = pathToFileURL(join(directory, `out/catalog${index}.js`)).href
          const module: { readonly catalog: Catalog.Catalog } = yield* Effect.promise(
            () => import(url)
          )
          assert.deepStrictEqual(contentOf(module.catalog), contentOf(catalog))
        }
      })
    )
  })

  it("a module of toTypeScript is formatted as by Biome, whatever the length of its names", {
    timeout: 60_000
  }, () => {
    const text = textOf(everyLength())
    const formatted = tool("biome", ["format", "--stdin-file-path=catalog.ts"], text)
    assert.strictEqual(text, formatted)
  })
})

/** Names of every length that PostgreSQL allows. */
const everyLength = (): Catalog.Catalog => {
  const tables: Array<Table.Any> = []
  for (let length = 1; length <= 63; length++) {
    const named = (initial: string) => initial.repeat(length)
    const other = named("z")
    tables.push(
      Table.make(named("t"), {
        [named("c")]: Column.documented(Scalar.String, "test"),
        [named("n")]: Column.nullable(
          Column.documented(Catalog.unknownScalar(named("u"), { _eq: named("u") }), "test")
        ),
        [named("l")]: Column.documented(
          Catalog.unknownScalar(named("v"), { _eq: named("v"), _in: `[${named("v")}]` }),
          "test"
        ),
        [named("e")]: Column.observed(
          Scalar.enumeration(named("f"), [named("g"), named("h")]),
          "test"
        ),
        [named("r")]: Column.observed(
          Catalog.restrict(Scalar.enumeration(named("i"), [named("j")]), ["_eq", "_is_null"]),
          "test"
        ),
        [named("o")]: Relationship.one(() => target),
        [named("m")]: Relationship.many(() => target)
      })
    )
    const target = Table.make(other, { id: Column.documented(Scalar.Int, "test") })
    tables.push(target)
  }
  const names = [
    "_eq",
    "_neq",
    "_in",
    "_nin",
    "_is_null",
    "_gt",
    "_gte",
    "_lt",
    "_lte",
    "_like"
  ] as const
  for (let count = 1; count <= names.length; count++) {
    const scalar = Catalog.restrict(Scalar.String, names.slice(0, count))
    tables.push(Table.make(`r${count}`, { id: Column.documented(scalar, "test") }))
    const kinds = Scalar.enumeration(`kind${count}`, names.slice(0, count))
    tables.push(Table.make(`e${count}`, { id: Column.observed(kinds, "test") }))
  }
  return Catalog.make(`it's a "name"`, tables)
}

const tool = (name: string, parameters: ReadonlyArray<string>, input = ""): string => {
  try {
    return execFileSync(join(root, "node_modules/.bin", name), parameters, {
      cwd: root,
      encoding: "utf8",
      input
    })
  } catch (error) {
    const output = error instanceof Error && "stdout" in error ? error.stdout : ""
    return assert.fail(`${name} failed: ${String(output)} ${String(error)}`)
  }
}
