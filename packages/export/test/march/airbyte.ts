/**
 * Tests of the Airbyte source: its messages, and the table that a destination makes from the
 * messages.
 */
import { assert, describe } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import { layerTest, recorded } from "@innerspace-metrics/core/testing"
import { Airbyte } from "@innerspace-metrics/export"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import type { It } from "../support/client.js"
import { airbyteMessage } from "../support/connectors/airbyteProtocol.js"
import {
  collect,
  config,
  Destination,
  type Message,
  type Ran,
  ranOf,
  validator
} from "../support/connectors/connector.js"
import { inApi, setTime } from "../support/dataset.js"

const isMessage = validator(airbyteMessage)

/** Runs a command and checks all of its messages against the protocol. */
const run = (command: Airbyte.Command) =>
  Effect.map(
    collect((options) => Airbyte.run(command, options)),
    (ran) => {
      for (const message of ran.messages) isMessage(message)
      return ran
    }
  )

const discover = (more = {}) =>
  Effect.gen(function* () {
    const { messages } = yield* run({ command: "discover", config: yield* config(more) })
    const streams: ReadonlyArray<Message> = messages.at(-1).catalog.streams
    return streams
  })

/** Makes a configured catalogue, as a platform does. */
const select = (streams: ReadonlyArray<Message>, names: ReadonlyArray<string>, more = {}) => ({
  streams: streams
    .filter(({ name }) => names.includes(name))
    .map((stream) => ({
      stream,
      sync_mode: "incremental",
      destination_sync_mode: "append_dedup",
      cursor_field: stream.default_cursor_field,
      primary_key: stream.source_defined_primary_key,
      ...more
    }))
})

const both = ["building_metrics", "zone_metrics"]

const records = ({ messages }: Pick<Ran, "messages">) =>
  messages.flatMap((message) => (message.type === "RECORD" ? [message.record] : []))

const states = ({ messages }: Pick<Ran, "messages">) =>
  messages.flatMap((message) => (message.type === "STATE" ? [message.state] : []))

/** Returns the last state of each stream, as a platform passes it to the next run. */
const stateOf = (ran: Pick<Ran, "messages">) => [
  ...new Map(states(ran).map((state) => [state.stream.stream_descriptor.name, state])).values()
]

const traces = ({ messages }: Ran) =>
  messages.flatMap(({ trace, type }) =>
    type !== "TRACE"
      ? []
      : trace.type === "ERROR"
        ? [`${trace.error.failure_type} ${trace.error.internal_message}`]
        : [`${trace.stream_status.stream_descriptor.name} ${trace.stream_status.status}`]
  )

const apply = (
  destination: Destination,
  catalog: ReturnType<typeof select>,
  messages: ReadonlyArray<Message>
): void => {
  const keys = new Map<string, ReadonlyArray<string>>(
    catalog.streams.map(({ primary_key, stream }) => [stream.name, primary_key.flat()])
  )
  for (const { data, stream } of records({ messages })) {
    destination.upsert(stream, keys.get(stream) ?? [], data)
  }
}

const nightOf = (date: string) =>
  Effect.zipRight(
    Effect.flatMap(Sandbox.Sandbox, ({ control }) => control.reset),
    setTime(`${date}T12:00:00Z`)
  )

const night = nightOf("2024-03-15")

const wide = Table.make("wide", {
  id: Column.key(Column.assumed(Scalar.Int, "test")),
  at: Column.key(Column.assumed(Scalar.timestamptz, "test")),
  count: Column.nullable(Column.assumed(Scalar.bigint, "test")),
  amount: Column.nullable(Column.assumed(Scalar.numeric, "test")),
  share: Column.nullable(Column.assumed(Scalar.float8, "test")),
  day: Column.nullable(Column.assumed(Scalar.date, "test")),
  document: Column.nullable(Column.assumed(Scalar.jsonb, "test"))
})

const row = {
  id: 1,
  at: "2024-03-01T00:00:00.000001+00:00",
  count: "9223372036854775807",
  amount: "12345678901234567890.12345678901234567890",
  share: 0.1,
  day: "2024-03-01",
  document: { a: [1, "é\n", null] }
}

const readWide = (rows: ReadonlyArray<object>) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2024-03-15T12:00:00Z"))
    const config = { client_id: "a", client_secret: "b", start_date: "2024-03-01", zone: "UTC" }
    const properties = Object.fromEntries([...wide.byName.keys()].map((name) => [name, {}]))
    const catalog = select([{ name: "wide", json_schema: { properties } }], ["wide"])
    let text = ""
    const exitCode = yield* Airbyte.run(
      { command: "read", config, catalog },
      {
        connect: () => layerTest([recorded(wide, rows as never)]),
        write: (lines) =>
          Effect.sync(() => {
            text += lines
          }),
        tables: [wide]
      }
    )
    return ranOf(exitCode, text)
  })

/** The tests of `npm test`. */
export const airbyte = (it: It): void => {
  describe("an Airbyte source", () => {
    it.scoped("spec has a form, in which the secret is marked", () =>
      Effect.gen(function* () {
        const { exitCode, messages } = yield* run({ command: "spec" })
        assert.deepStrictEqual([exitCode, messages.length], [0, 1])
        const { properties, required } = messages[0].spec.connectionSpecification
        assert.deepStrictEqual(required, ["client_id", "client_secret", "start_date", "zone"])
        assert.deepStrictEqual(
          Object.keys(properties).filter((name) => properties[name].airbyte_secret === true),
          ["client_secret"]
        )
        // Fails if the schema of `spec` rejects the configuration of these tests.
        validator(messages[0].spec.connectionSpecification)(yield* config())
      })
    )

    it.scoped("check reports whether the login works, without showing the secret", () =>
      Effect.gen(function* () {
        const works = yield* run({ command: "check", config: yield* config() })
        assert.deepStrictEqual(
          [works.exitCode, works.messages],
          [0, [{ type: "CONNECTION_STATUS", connectionStatus: { status: "SUCCEEDED" } }]]
        )
        for (const [wrong, text] of [
          [{ client_secret: "s3cr3t-and-wrong" }, "client"],
          [{ client_secret: 5_555_555 }, "client_secret is of type number"],
          [{ client_id: "" }, "client_id is undefined"],
          [{ zone: "CST" }, '"CST" is not the full name of a time zone'],
          [{ biuldings: [72] }, "Use buildings"],
          [{ buildings: "71" }, 'buildings is "71"'],
          [{ metrics: ["null"] }, 'metrics is ["null"]'],
          [{ look_back_days: -1 }, "look_back_days is -1"]
        ] as const) {
          const { exitCode, lines, messages } = yield* run({
            command: "check",
            config: yield* config(wrong)
          })
          assert.strictEqual(exitCode, 0)
          assert.strictEqual(messages[0].connectionStatus.status, "FAILED", JSON.stringify(wrong))
          assert.include(messages[0].connectionStatus.message, text)
          assert.notMatch(lines.join(), /s3cr3t|5555555/)
        }
      })
    )

    it.scoped(
      "discover sends the tables that the configuration can read, and says why it cannot read others",
      () =>
        Effect.gen(function* () {
          const ran = yield* run({ command: "discover", config: yield* config() })
          const { streams } = ran.messages.at(-1).catalog
          assert.deepStrictEqual(
            streams.map(({ name }: Message) => name),
            ["building_metrics", "site_metrics", "zone_metrics"]
          )
          assert.isTrue(
            ran.messages.some(({ log }) => /building_features is divided by/.test(log?.message))
          )
          const [building] = streams
          assert.deepStrictEqual(
            [building.source_defined_primary_key, building.default_cursor_field],
            [
              [
                ["date_time_start"],
                ["building_id"],
                ["metric_name"],
                ["granularity"],
                ["group_id"]
              ],
              ["date_time_start"]
            ]
          )
          assert.deepStrictEqual(building.json_schema.properties.date_time_start, {
            type: "string",
            format: "date-time",
            airbyte_type: "timestamp_with_timezone"
          })
          const features = yield* discover({ features: ["weekly_frequency_dist"] })
          assert.deepStrictEqual(
            features.find(({ name }) => name === "building_features").json_schema.properties
              .feature_value,
            { type: ["null", "string"], contentMediaType: "application/json" }
          )
        })
    )

    it.scoped(
      "read sends the rows of the API with the types of the catalogue, and counts them",
      () =>
        Effect.gen(function* () {
          yield* nightOf("2024-03-05")
          const catalog = select(yield* discover(), both)
          const start = yield* config({ start_date: "2024-02-27" })
          const ran = yield* run({ command: "read", config: start, catalog })

          assert.strictEqual(ran.exitCode, 0)
          const destination = new Destination()
          apply(destination, catalog, ran.messages)
          assert.deepStrictEqual(destination.rows, yield* inApi("2024-02-27", "2024-03-06"))
          assert.strictEqual(records(ran).length, destination.rows.length)
          const types = new Map(
            catalog.streams.map(({ stream }) => [
              stream.name,
              validator({ ...stream.json_schema, additionalProperties: false })
            ])
          )
          for (const { data, stream } of records(ran)) types.get(stream)?.(data)
          // Each of the two tables has two months, and each month ends with a state.
          assert.strictEqual(states(ran).length, 4)
          assert.strictEqual(
            states(ran).reduce((sum, { sourceStats }) => sum + sourceStats.recordCount, 0),
            records(ran).length
          )
          assert.isTrue(ran.lines.some((line) => /"recordCount":\d+\.0\}/.test(line)))
          assert.deepStrictEqual(
            traces(ran),
            both.flatMap((name) => [`${name} STARTED`, `${name} RUNNING`, `${name} COMPLETE`])
          )
        })
    )

    it.effect("a row has all digits of wide integers, decimals and instants", () =>
      Effect.gen(function* () {
        const { lines } = yield* readWide([row])
        const line = lines.find((line) => line.includes('"RECORD"'))
        assert.include(
          line,
          `"data":{"id":1,"at":"2024-03-01T00:00:00.000001Z","count":9223372036854775807,"amount":"12345678901234567890.12345678901234567890","share":0.1,"day":"2024-03-01","document":${JSON.stringify(JSON.stringify(row.document))}}`
        )
      })
    )

    for (const [what, rows, reason] of [
      [
        "with a number that JSON does not have",
        [{ ...row, share: "NaN" }],
        "ExportError InvalidSelection"
      ],
      ["with the key of another row", [row, row], "DatasetError DuplicateKey"],
      [
        "outside of its window",
        [{ ...row, at: "2024-04-01T00:00:00+00:00" }],
        "DatasetError OutsidePart"
      ]
    ] as const) {
      it.effect(`a row ${what} ends its stream before a state`, () =>
        Effect.gen(function* () {
          const ran = yield* readWide(rows)
          assert.strictEqual(ran.exitCode, 1)
          assert.deepStrictEqual([records(ran), states(ran)], [[], []])
          assert.include(traces(ran).at(-1), reason)
        })
      )
    }
  })
}

/** The tests of `npm run test:all`. */
export const airbyteLong = (it: It): void => {
  describe("an Airbyte source", () => {
    it.scoped(
      "after a source is killed after any line, the next run completes the table from the last state",
      () =>
        Effect.gen(function* () {
          yield* night
          const catalog = select(yield* discover(), ["building_metrics"])
          const start_date = "2024-01-25"
          const command = {
            command: "read",
            config: yield* config({ start_date }),
            catalog
          } as const
          const whole = yield* run(command)
          const expected = (yield* inApi("2024-01-25", "2024-03-16")).filter((row) =>
            row.includes("building")
          )
          assert.strictEqual(states(whole).length, 3)
          const ends = whole.messages.flatMap(({ type }, index) =>
            type === "STATE" ? [index] : []
          )
          const all = [...ends, ...ends.map((end) => end + 1), 100, 900]
          for (const cut of all) {
            const before = whole.messages.slice(0, cut)
            const destination = new Destination()
            apply(destination, catalog, before)
            const rest = yield* run({ ...command, state: stateOf({ messages: before }) })
            apply(destination, catalog, rest.messages)
            assert.deepStrictEqual(destination.rows, expected, String(cut))
          }
        })
    )

    it.scoped(
      "a second read sends the look-back again, and a restated night replaces the earlier one",
      () =>
        Effect.gen(function* () {
          const { control } = yield* Sandbox.Sandbox
          yield* night
          const catalog = select(yield* discover(), both)
          const destination = new Destination()
          const first = yield* run({ command: "read", config: yield* config(), catalog })
          apply(destination, catalog, first.messages)

          yield* Effect.orDie(control.restate({ date: "2024-03-12" }))
          yield* setTime("2024-03-16T12:00:00Z")
          const command = { command: "read", config: yield* config(), catalog } as const
          const second = yield* run({ ...command, state: stateOf(first) })
          apply(destination, catalog, second.messages)
          assert.deepStrictEqual(destination.rows, yield* inApi("2024-02-20", "2024-03-17"))
          // The second run reads eight days: the last seven days of the first run again, and the
          // new day.
          const [state] = states(second)
          assert.strictEqual(state.sourceStats.recordCount, 8 * 24)
          assert.deepStrictEqual(
            state.stream.stream_state.series[
              "building_id=71/granularity=PT1H/metric_name=occupancy_mean"
            ],
            {
              read: [["2024-02-20T06:00:00.000Z", "2024-03-16T12:00:00.000Z"]],
              published_until: "2024-03-16T05:00:00.000Z"
            }
          )
        })
    )

    it.scoped(
      "read from an earlier start date sends the days before, although there is a state",
      () =>
        Effect.gen(function* () {
          yield* night
          const catalog = select(yield* discover(), both)
          const destination = new Destination()
          const first = yield* run({ command: "read", config: yield* config(), catalog })
          apply(destination, catalog, first.messages)
          const earlier = { start_date: "2024-01-25", metrics: ["occupancy_mean", "people_count"] }
          const second = yield* run({
            command: "read",
            config: yield* config(earlier),
            catalog,
            state: stateOf(first)
          })
          apply(destination, catalog, second.messages)
          assert.deepStrictEqual(
            destination.rows,
            yield* inApi("2024-01-25", "2024-03-16", ["occupancy_mean", "people_count"])
          )
        })
    )

    it.scoped(
      "a full refresh reads everything, but continues a failed attempt of the same run",
      () =>
        Effect.gen(function* () {
          yield* night
          const full = (sync_id: number) =>
            Effect.map(discover(), (streams) =>
              select(streams, ["building_metrics"], {
                sync_mode: "full_refresh",
                destination_sync_mode: "overwrite",
                sync_id
              })
            )
          const command = { command: "read", config: yield* config() } as const
          const first = yield* run({ ...command, catalog: yield* full(7) })
          const count = records(first).length
          const [february] = states(first)
          const next = yield* run({ ...command, catalog: yield* full(8), state: stateOf(first) })
          assert.strictEqual(records(next).length, count)
          const attempt = yield* run({ ...command, catalog: yield* full(7), state: [february] })
          assert.strictEqual(
            records(attempt).filter(({ data }) => data.date_time_start < "2024-02-22").length,
            0
          )
        })
    )

    it.scoped("a table that cannot be read is incomplete, and the others are sent", () =>
      Effect.gen(function* () {
        const { control } = yield* Sandbox.Sandbox
        yield* night
        const catalog = select(yield* discover(), both)
        yield* control.inject(
          Fault.columnGone({ table: "building_metrics", column: "metric_value" })
        )
        const ran = yield* run({ command: "read", config: yield* config(), catalog })
        yield* control.clearFaults
        assert.strictEqual(ran.exitCode, 1)
        assert.deepStrictEqual(traces(ran), [
          "building_metrics STARTED",
          "building_metrics INCOMPLETE",
          "system_error DatasetError SchemaDrift",
          "zone_metrics STARTED",
          "zone_metrics RUNNING",
          "zone_metrics COMPLETE"
        ])
        assert.isTrue(records(ran).every(({ stream }) => stream === "zone_metrics"))
      })
    )

    it.scoped(
      "a token that expires during a part, and a night restated between two pages, are read",
      () =>
        Effect.gen(function* () {
          const { control } = yield* Sandbox.Sandbox
          yield* night
          const catalog = select(yield* discover(), ["building_metrics"])
          yield* control.inject(Fault.expireTokens({ ordinals: [2] }))
          yield* control.inject(Fault.restate({ date: "2024-03-02", ordinals: [3] }))
          const command = {
            command: "read",
            config: yield* config({ look_back_days: 30 }),
            catalog
          } as const
          const destination = new Destination()
          const first = yield* run(command)
          assert.strictEqual(first.exitCode, 0)
          apply(destination, catalog, first.messages)
          apply(destination, catalog, (yield* run({ ...command, state: stateOf(first) })).messages)
          assert.deepStrictEqual(
            destination.rows,
            (yield* inApi("2024-02-20", "2024-03-16")).filter((row) => row.includes("building"))
          )
        })
    )

    it.scoped("wrong files and arguments are errors of the configuration, before any row", () =>
      Effect.gen(function* () {
        yield* night
        const good = select(yield* discover(), ["building_metrics"])
        const state = [
          {
            type: "STREAM",
            stream: { stream_descriptor: { name: "building_metrics" }, stream_state: {} }
          }
        ]
        const stateWith = (stream_state: unknown) => [
          { type: "STREAM", stream: { ...state[0]?.stream, stream_state } }
        ]
        for (const [catalog, state, text] of [
          [{}, undefined, "The catalogue has no list of streams"],
          [{ streams: [{ ...good.streams[0], sync_mode: "cdc" }] }, undefined, "The sync mode of"],
          [
            select([{ ...good.streams[0]?.stream, name: "people" }], ["people"]),
            undefined,
            '"people"'
          ],
          [good, { cursor: 1 }, "The state is not a list"],
          [good, [{ type: "LEGACY", data: {} }], "A state is not that of a stream"],
          [
            good,
            stateWith({ cursor: "2024-03-01" }),
            "The state of building_metrics is not of this"
          ]
        ] as const) {
          const ran = yield* run({ command: "read", config: yield* config(), catalog, state })
          assert.deepStrictEqual(
            [ran.exitCode, traces(ran)],
            [1, ["config_error ExportError InvalidOption"]],
            text
          )
          assert.include(ran.messages.at(-1).trace.error.message, text)
        }
        for (const [args, text] of [
          [[], "There is no command"],
          [["sync"], "The command sync is not known"],
          [["check"], "There is no --config"],
          [["check", "--confg", "x"], "Unknown option '--confg'"],
          [["read", "--config", "/missing.json"], "/missing.json"]
        ] as const) {
          const ran = yield* collect((options) => Airbyte.main(args, options))
          for (const message of ran.messages) isMessage(message)
          assert.strictEqual(ran.exitCode, 1)
          assert.include(ran.messages.at(-1).trace.error.message, text)
        }
        const appended = select(yield* discover(), ["building_metrics"], {
          destination_sync_mode: "append"
        })
        const ran = yield* run({ command: "read", config: yield* config(), catalog: appended })
        assert.isTrue(ran.messages.some(({ log }) => /append_dedup/.test(log?.message)))
      })
    )
  })
}
