/** Tests of the Singer tap: its messages, and the table that a target makes from the messages. */
import { assert, describe } from "@effect/vitest"
import { Singer } from "@innerspace-metrics/export"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import type { It } from "../support/client.js"
import {
  collect,
  config,
  Destination,
  type Message,
  validator
} from "../support/connectors/connector.js"
import { singerCatalog, singerMessage } from "../support/connectors/singerProtocol.js"
import { inApi, setTime } from "../support/dataset.js"

const isMessage = validator(singerMessage)
const isCatalog = validator(singerCatalog)

const run = (command: Singer.Command) =>
  Effect.map(
    collect((options) => Singer.run(command, options)),
    (ran) => {
      for (const message of ran.messages) isMessage(message)
      return ran
    }
  )

const discover = (more = {}) =>
  Effect.gen(function* () {
    let text = ""
    const exitCode = yield* Singer.run(
      { config: yield* config(more), discover: true },
      {
        connect: () => {
          throw new Error("Discovery needs no login")
        },
        write: (lines) =>
          Effect.sync(() => {
            text += lines
          })
      }
    )
    assert.strictEqual(exitCode, 0)
    const catalog: Message = JSON.parse(text)
    isCatalog(catalog)
    return catalog
  })

/** Marks streams and fields in a catalogue as selected, as a person does. */
const select = (
  { streams }: Message,
  names: ReadonlyArray<string>,
  more: Readonly<Record<string, unknown>> = {},
  without: ReadonlyArray<string> = []
) => ({
  streams: streams.map(({ metadata, ...stream }: Message) => ({
    ...stream,
    metadata: metadata.map((entry: Message) => ({
      ...entry,
      metadata:
        entry.breadcrumb.length === 0
          ? { ...entry.metadata, selected: names.includes(stream.stream), ...more }
          : {
              ...entry.metadata,
              ...(without.includes(entry.breadcrumb[1]) ? { selected: false } : {})
            }
    }))
  }))
})

const of = (messages: ReadonlyArray<Message>, type: string) =>
  messages.filter((message) => message.type === type)

const stateOf = (messages: ReadonlyArray<Message>) => of(messages, "STATE").at(-1)?.value

/**
 * Applies messages as a target does. A schema comes before its rows, and names the key of the rows.
 */
const apply = (destination: Destination, messages: ReadonlyArray<Message>): void => {
  const schemas = new Map<
    string,
    { readonly keys: ReadonlyArray<string>; readonly isRow: (row: unknown) => void }
  >()
  for (const message of messages) {
    if (message.type === "SCHEMA") {
      schemas.set(message.stream, {
        keys: message.key_properties,
        isRow: validator({ ...message.schema, additionalProperties: false })
      })
    }
    if (message.type !== "RECORD") continue
    const schema = schemas.get(message.stream)
    if (schema === undefined) throw new Error(`A row of ${message.stream} comes before its schema`)
    schema.isRow(message.record)
    destination.upsert(message.stream, schema.keys, message.record)
  }
}

const nightOf = (date: string) =>
  Effect.zipRight(
    Effect.flatMap(Sandbox.Sandbox, ({ control }) => control.reset),
    setTime(`${date}T12:00:00Z`)
  )

const night = nightOf("2024-03-15")

const building = (rows: ReadonlyArray<string>) => rows.filter((row) => row.includes("building"))

/** The tests of `npm test`. */
export const singer = (it: It): void => {
  describe("a Singer tap", () => {
    it.scoped(
      "a Singer tap discovers the tables with their keys and types, and sends the rows of the API",
      () =>
        Effect.gen(function* () {
          yield* nightOf("2024-03-05")
          const discovered = yield* discover()
          assert.deepStrictEqual(
            discovered.streams.map(({ stream }: Message) => stream),
            ["building_metrics", "site_metrics", "zone_metrics"]
          )
          const catalog = select(discovered, ["building_metrics"])
          const start = yield* config({ start_date: "2024-02-27" })
          const { exitCode, messages } = yield* run({ config: start, catalog })
          assert.strictEqual(exitCode, 0)
          const destination = new Destination()
          apply(destination, messages)
          assert.deepStrictEqual(
            destination.rows,
            building(yield* inApi("2024-02-27", "2024-03-06"))
          )
          assert.strictEqual(of(messages, "RECORD").length, destination.rows.length)
          assert.deepStrictEqual(of(messages, "SCHEMA")[0].key_properties, [
            "date_time_start",
            "building_id",
            "metric_name",
            "granularity",
            "group_id"
          ])
          assert.deepStrictEqual(of(messages, "SCHEMA")[0].bookmark_properties, ["date_time_start"])
          // The tap sends a state after each of the two months.
          assert.strictEqual(of(messages, "STATE").length, 2)
          assert.deepStrictEqual(Object.keys(stateOf(messages).bookmarks), ["building_metrics"])
        })
    )
  })
}

/** The tests of `npm run test:all`. */
export const singerLong = (it: It): void => {
  describe("a Singer tap", () => {
    it.scoped(
      "after a tap is killed after any state or over a restated night, the next run completes the table",
      () =>
        Effect.gen(function* () {
          const { control } = yield* Sandbox.Sandbox
          yield* night
          const catalog = select(yield* discover(), ["building_metrics"])
          const first = yield* run({ config: yield* config(), catalog })
          yield* Effect.orDie(control.restate({ date: "2024-03-12" }))
          yield* setTime("2024-03-16T12:00:00Z")
          // The new start date is ten days before the start date of the first run.
          const command = { config: yield* config({ start_date: "2024-02-10" }), catalog }
          const expected = building(yield* inApi("2024-02-10", "2024-03-17"))
          const ends = first.messages.flatMap(({ type }, index) =>
            type === "STATE" ? [index] : []
          )
          for (const cut of [0, 30, ...ends, ...ends.map((end) => end + 1)]) {
            const before = first.messages.slice(0, cut)
            const destination = new Destination()
            apply(destination, before)
            const state = stateOf(before)
            const { messages } = yield* run(state === undefined ? command : { ...command, state })
            apply(destination, messages)
            assert.deepStrictEqual(destination.rows, expected, String(cut))
          }
        })
    )

    it.scoped(
      "a Singer tap sends only selected fields, and sends all rows again when a field is added",
      () =>
        Effect.gen(function* () {
          yield* night
          const discovered = yield* discover()
          const few = select(discovered, ["building_metrics"], {}, ["metric_value"])
          const first = yield* run({ config: yield* config(), catalog: few })
          const [schema] = of(first.messages, "SCHEMA")
          assert.notProperty(schema.schema.properties, "metric_value")
          assert.isTrue(
            of(first.messages, "RECORD").every(({ record }) => !("metric_value" in record))
          )

          const state = stateOf(first.messages)
          const again = yield* run({ config: yield* config(), catalog: few, state })
          assert.strictEqual(of(again.messages, "RECORD").length, 168)
          const all = select(discovered, ["building_metrics"])
          const second = yield* run({ config: yield* config(), catalog: all, state })
          const destination = new Destination()
          apply(destination, second.messages)
          assert.deepStrictEqual(
            destination.rows,
            building(yield* inApi("2024-02-20", "2024-03-16"))
          )
        })
    )

    it.scoped(
      "a stream with FULL_TABLE does not use the state, and keeps the bookmarks of other streams",
      () =>
        Effect.gen(function* () {
          yield* night
          const discovered = yield* discover()
          const one = select(discovered, ["building_metrics"])
          const { messages } = yield* run({ config: yield* config(), catalog: one })
          const bookmarks = { ...stateOf(messages).bookmarks, other: { seen: 1 } }
          const full = select(discovered, ["building_metrics"], {
            "replication-method": "FULL_TABLE"
          })
          const again = yield* run({ config: yield* config(), catalog: full, state: { bookmarks } })
          assert.strictEqual(of(again.messages, "RECORD").length, of(messages, "RECORD").length)
          assert.deepStrictEqual(stateOf(again.messages).bookmarks.other, { seen: 1 })
        })
    )

    it.scoped(
      "a Singer tap ends with exit code 1 if a table cannot be read, and sends the other tables",
      () =>
        Effect.gen(function* () {
          const { control } = yield* Sandbox.Sandbox
          yield* night
          const catalog = select(yield* discover(), ["building_metrics", "zone_metrics"])
          yield* control.inject(
            Fault.columnGone({ table: "building_metrics", column: "metric_value" })
          )
          const { exitCode, messages } = yield* run({ config: yield* config(), catalog })
          yield* control.clearFaults
          assert.strictEqual(exitCode, 1)
          assert.isTrue(of(messages, "RECORD").every(({ stream }) => stream === "zone_metrics"))
          assert.deepStrictEqual(Object.keys(stateOf(messages).bookmarks), ["zone_metrics"])
        })
    )

    it.scoped(
      "a Singer tap with wrong files or arguments sends nothing and ends with exit code 1",
      () =>
        Effect.gen(function* () {
          yield* night
          const good = select(yield* discover(), ["building_metrics"])
          for (const command of [
            { catalog: {} },
            {
              catalog: select({ streams: [{ ...good.streams[0], tap_stream_id: "people" }] }, [
                "building_metrics"
              ])
            },
            { catalog: good, state: { cursor: 1 } },
            { catalog: good, state: { bookmarks: { building_metrics: { seen: 1 } } } },
            { config: { client_id: "a" } }
          ]) {
            const { exitCode, lines } = yield* run({ config: yield* config(), ...command })
            assert.deepStrictEqual(
              [exitCode, lines],
              [1, []],
              JSON.stringify(command).slice(0, 100)
            )
          }
          for (const args of [[], ["--config"], ["sync"], ["--config", "/missing.json"]]) {
            const { exitCode, lines } = yield* collect((options) => Singer.main(args, options))
            assert.deepStrictEqual([exitCode, lines], [1, []], args.join(" "))
          }
        })
    )
  })
}
