/** Compares what `stream` and `columns` return for the same responses. */
import { assert } from "@effect/vitest"
import * as ColumnBatch from "@innerspace-metrics/core/ColumnBatch"
import type { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as BigDecimal from "effect/BigDecimal"
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Page } from "./columnBodies.js"
import { clientOver } from "./transportClient.js"

type AnyRow = { readonly [name: string]: unknown }
type AnyBatch = ColumnBatch.ColumnBatch<AnyRow>

/**
 * A client whose server sends `response` for the first page of a stream, and then an empty page.
 *
 * The stream writes the bodies of both pages into the same memory. The body of the empty page ends
 * with enough spaces to overwrite the first body. If a batch still used this memory, its values
 * would therefore differ from the rows.
 */
const clientOf = (response: () => Pick<Page, "body" | "status">) => {
  let isFirst = true
  return Effect.map(
    clientOver(
      () =>
        Effect.sync(() => {
          const { body, status } = response()
          const answer = isFirst
            ? { status, body: inChunks(body) }
            : { status: 200, body: [noRows, new Uint8Array(body.length).fill(0x20)] }
          isFirst = false
          return { headers: {}, ...answer }
        }),
      { merge: false, retry: RetryPolicy.make({ attempts: 1 }) }
    ),
    (client) => ({
      client,
      restart: () => {
        isFirst = true
      }
    })
  )
}

/** The body in three chunks. The second chunk is empty, and a character may be cut in half. */
const inChunks = (body: Uint8Array): ReadonlyArray<Uint8Array> => {
  const cut = body.length >> 1
  return [body.subarray(0, cut), new Uint8Array(0), body.subarray(cut)]
}

const noRows = new TextEncoder().encode('{"data":{"readings":[]}}')

const options = { pageSize: 1_000, window: "30 days" } as const

let page: Page | undefined
const shared = Effect.runSync(clientOf(() => page ?? { status: 500, body: new Uint8Array(0) }))

const collected = <A>(stream: Stream.Stream<A, CallError>) =>
  Effect.suspend(() => {
    shared.restart()
    return Effect.either(Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray))
  })

/** Fails if `stream` and `columns` differ in a value or in an error. */
export const assertAgree = (given: Page): Effect.Effect<"rows" | "limit" | "error"> =>
  Effect.gen(function* () {
    page = given
    const metrics: MetricsClient = shared.client
    const rows = yield* collected(metrics.stream(given.query, options))
    const batches = yield* collected(metrics.columns(given.query, options))
    if (Either.isLeft(batches)) {
      const error = batches.left
      assert.isAtMost(JSON.stringify(error).length, 64 * 1024)
      if (Either.isLeft(rows)) {
        assert.deepStrictEqual(shown(error), shown(rows.left))
        return "error"
      }
      assert.strictEqual(error._tag, "DecodeError", error.message)
      if (error._tag === "DecodeError") {
        const values = Object.values(rows.right[error.row ?? -1] ?? {})
        assert.isTrue(
          values.some((value) => isBeyond(value, error.expected)),
          error.message
        )
      }
      return "limit"
    }
    if (Either.isLeft(rows)) assert.fail(`columns read what rows refuse: ${rows.left.message}`)
    assertSame(rows.right, batches.right, given.names)
    return "rows"
  })

const shown = ({ _tag, hint, problem, reason, ...rest }: CallError) => ({
  _tag,
  hint,
  problem,
  reason,
  row: Reflect.get(rest, "row"),
  column: Reflect.get(rest, "column"),
  expected: Reflect.get(rest, "expected"),
  found: Reflect.get(rest, "found")
})

/** Whether a column cannot hold the value of a row. */
const isBeyond = (value: unknown, expected: string): boolean => {
  if (typeof value === "number") return (value | 0) !== value && expected.includes("32 bits")
  if (typeof value === "bigint") {
    return BigInt.asIntN(64, value) !== value && expected.includes("64 bits")
  }
  return /\p{Surrogate}/u.test(String(value)) && expected.includes("surrogate")
}

export const assertSame = (
  rows: ReadonlyArray<AnyRow>,
  batches: ReadonlyArray<AnyBatch>,
  names: ReadonlyArray<string>
): void => {
  assert.strictEqual(
    batches.reduce((length, batch) => length + batch.length, 0),
    rows.length
  )
  let before = 0
  for (const batch of batches) {
    assert.deepStrictEqual(Object.keys(batch.columns), names)
    for (const [name, column] of Object.entries<ColumnBatch.Column>(batch.columns)) {
      assertValid(column, batch.length)
      for (let row = 0; row < batch.length; row++) {
        const expected = rows[before + row]?.[name]
        if (!isSame(column, row, expected)) {
          const found = valueOf(column, row)
          assert.fail(`${name} of row ${before + row} is ${found}, and in rows ${expected}`)
        }
      }
    }
    before += batch.length
  }
}

/** Checks that the arrays of a column have the right lengths. */
const assertValid = (column: ColumnBatch.Column, length: number): void => {
  const nulls = Array.from({ length }, (_, row) => ColumnBatch.isNull(column, row)).filter(Boolean)
  assert.strictEqual(column.nullCount, nulls.length)
  assert.strictEqual(column.validity === undefined, nulls.length === 0)
  if (column.validity !== undefined) assert.strictEqual(column.validity.length, (length + 7) >> 3)
  if ("values" in column) {
    assert.strictEqual(column.values.length, length)
    return
  }
  const { bytes, codes, offsets } = column
  assert.strictEqual((codes ?? offsets).length, codes === undefined ? length + 1 : length)
  assert.strictEqual(offsets[0], 0)
  assert.strictEqual(offsets.at(-1), bytes.length)
  const strings = ColumnBatch.strings(column)
  assert.strictEqual(strings.length, offsets.length - 1)
  if (codes !== undefined) assert.strictEqual(new Set(strings).size, strings.length)
}

const valueOf = (column: ColumnBatch.Column, row: number): unknown =>
  "values" in column ? column.values[row] : ColumnBatch.text(column, row)

const isSame = (column: ColumnBatch.Column, row: number, expected: unknown): boolean => {
  if (ColumnBatch.isNull(column, row) || expected === null) {
    const atNull = column.kind === "float64" || column.kind === "timestamp" ? Number.NaN : 0
    return (
      expected === null &&
      ColumnBatch.isNull(column, row) &&
      (!("values" in column) || Object.is(Number(column.values[row]), atNull))
    )
  }
  switch (column.kind) {
    case "int32":
      return column.values[row] === expected
    case "float64":
      return Object.is(column.values[row], expected)
    case "int64":
      return column.values[row] === expected
    case "boolean":
      return column.values[row] === Number(expected)
    case "date":
      return (
        new Date((column.values[row] ?? 0) * 86_400_000).toISOString().slice(0, 10) === expected
      )
    case "timestamp":
      return DateTime.isDateTime(expected) && column.values[row] === expected.epochMillis
    case "text":
      return ColumnBatch.text(column, row) === expected
    case "decimal":
      return (
        BigDecimal.isBigDecimal(expected) &&
        Option.exists(BigDecimal.fromString(ColumnBatch.text(column, row) ?? ""), (value) =>
          BigDecimal.equals(value, expected)
        )
      )
    case "json":
      return (
        JSON.stringify(JSON.parse(ColumnBatch.text(column, row) ?? "")) === JSON.stringify(expected)
      )
  }
}
