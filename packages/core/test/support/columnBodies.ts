/**
 * Generates responses to a page of a stream: valid responses in every spelling of JSON, and invalid
 * responses.
 */
import * as Column from "@innerspace-metrics/core/Column"
import * as Query from "@innerspace-metrics/core/Query"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"
import * as FastCheck from "effect/FastCheck"

const observed = "the server of this test"
const column = <D, F>(scalar: Scalar.Scalar<D, F>) => Column.observed(scalar, observed)
const nullable = <D, F>(scalar: Scalar.Scalar<D, F>) => Column.nullable(column(scalar))

const zones = Table.make("zones", { floor: column(Scalar.Int) })

/**
 * A table with columns of each kind. Most kinds have a nullable column and a column that is never
 * null.
 */
const readings = Table.make("readings", {
  at: Column.key(column(Scalar.timestamptz)),
  id: Column.key(column(Scalar.Int)),
  label: Column.key(nullable(Scalar.String)),
  level: nullable(Scalar.Int),
  mean: column(Scalar.float8),
  peak: nullable(Scalar.Float),
  big: column(Scalar.bigint),
  bigger: nullable(Scalar.bigint),
  exact: column(Scalar.numeric),
  exacter: nullable(Scalar.numeric),
  read: nullable(Scalar.timestamptz),
  day: column(Scalar.date),
  holiday: nullable(Scalar.date),
  open: column(Scalar.Boolean),
  busy: nullable(Scalar.Boolean),
  name: column(Scalar.String),
  note: nullable(Scalar.String),
  code: column(Scalar.uuid),
  value: column(Scalar.jsonb),
  extra: nullable(Scalar.json),
  feature: building_features.columns.feature_value,
  numbers: nullable(Scalar.array(Scalar.Int)),
  shape: nullable(Scalar.geometry),
  zone: Relationship.one(() => zones)
})

const start = Date.UTC(2024, 2, 9)

/** Texts that a response can have as a cell. */
type Cell = FastCheck.Arbitrary<string>

const pick = (...texts: ReadonlyArray<string>): Cell => FastCheck.constantFrom(...texts)

interface Cells {
  /**
   * A text that can be decoded: mostly the text that a server writes, and sometimes another
   * spelling.
   */
  readonly right: Cell
  readonly wrong: Cell
}

const mostly = (usual: Cell, other: Cell, wrong: Cell): Cells => ({
  right: FastCheck.oneof({ arbitrary: usual, weight: 40 }, { arbitrary: other, weight: 2 }),
  wrong
})

const wrongValue = pick(
  '"x"',
  "{}",
  "[]",
  "true",
  "null",
  "1",
  "-",
  '"',
  "nul",
  "01",
  "1.",
  ".5",
  "1e",
  "+1",
  "NaN",
  '"\\x"',
  "'a'",
  "\u0000",
  "[1,]",
  '{"a":}'
)

const digits = (length: number) =>
  FastCheck.array(FastCheck.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: length }).map(
    (all) => all.join("")
  )
const whole = (length: number): Cell =>
  FastCheck.tuple(FastCheck.constantFrom("", "", "-"), digits(length)).map(
    ([sign, text]) => sign + (text.replace(/^0+/, "") || "0")
  )
const decimal = (length: number): Cell =>
  FastCheck.tuple(whole(length), digits(length)).map(([one, other]) => `${one}.${other}`)
const shortest = FastCheck.double({ noDefaultInfinity: true, noNaN: true }).map((value) =>
  Object.is(value, -0) ? "-0.0" : String(value)
)
/** The mean of a few whole numbers usually has as many digits as a double can have. */
const mean = FastCheck.tuple(FastCheck.nat(5_000), FastCheck.integer({ min: 1, max: 99 })).map(
  ([sum, count]) => String(sum / count)
)
/** A number that is halfway between two doubles, or next to such a number. */
const halfway = FastCheck.tuple(
  FastCheck.integer({ min: 2 ** 52, max: 2 ** 53 - 1 }),
  FastCheck.integer({ min: -1, max: 1 }),
  // With a scale of 6, the fraction is one half, or next to one half.
  FastCheck.oneof(FastCheck.constant(6), FastCheck.nat(18))
).map(([mantissa, near, scale]) => {
  const text = String(BigInt(mantissa) * 10n ** 6n + 500_000n + BigInt(near)).padStart(
    scale + 1,
    "0"
  )
  return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`
})
const exponent = FastCheck.tuple(
  whole(3),
  FastCheck.constantFrom("e", "E"),
  pick("5", "-7", "+2", "400", "-400")
).map((parts) => parts.join(""))
const quoted = (cell: Cell): Cell => cell.map((text) => `"${text}"`)

const int = mostly(
  FastCheck.oneof(FastCheck.nat(200), FastCheck.integer()).map(String),
  FastCheck.oneof(pick("-0", "1e2", "1.0", "2147483647", "-2147483648"), whole(9)),
  FastCheck.oneof(
    wrongValue,
    pick("2147483648", "-2147483649", "9007199254740993", "1.5", "12345678901")
  )
)
const float = mostly(
  FastCheck.oneof(
    mean,
    shortest,
    decimal(4),
    decimal(12),
    whole(18),
    FastCheck.nat(12).map(String)
  ),
  FastCheck.oneof(
    halfway,
    decimal(25),
    exponent,
    quoted(FastCheck.oneof(decimal(12), exponent, mean)),
    pick(
      '"NaN"',
      '"Infinity"',
      '"-Infinity"',
      '"+1"',
      '".5"',
      '"1."',
      '"007"',
      "-0",
      "-0.0",
      "1e400"
    )
  ),
  wrongValue
)
const int64 = mostly(
  FastCheck.oneof(
    whole(9),
    whole(15),
    quoted(whole(18)),
    quoted(whole(10)),
    FastCheck.nat(3).map(String)
  ),
  FastCheck.oneof(
    pick(
      '"9223372036854775807"',
      '"-9223372036854775808"',
      '"-1"',
      '"-4294967296"',
      "-4294967296",
      '"007"',
      '"-0"',
      "4294967295",
      "9007199254740993",
      "9223372036854775807",
      "-9223372036854775808",
      "1234567890123456"
    )
  ),
  FastCheck.oneof(
    wrongValue,
    pick(
      '"9223372036854775808"',
      '"-9223372036854775809"',
      '"9999999999999999999"',
      "9223372036854775808",
      "9007199254740993e0",
      "1e20"
    )
  )
)
const numeric = mostly(
  FastCheck.oneof(decimal(4), whole(6), decimal(20), quoted(decimal(9))),
  FastCheck.oneof(
    exponent,
    quoted(exponent),
    pick('"007.50"', '"-0"', "12.50", "0.0"),
    decimal(200)
  ),
  FastCheck.oneof(
    wrongValue,
    pick('"1e2000"', '"NaN"', `"${"9".repeat(1_200)}"`, "9".repeat(1_200))
  )
)
/** Times that share most of their text with the time of the previous row. */
const clock = FastCheck.tuple(
  FastCheck.nat(3),
  FastCheck.constantFrom("00", "15", "30", "45", "59"),
  FastCheck.constantFrom("00", "00", "00", "01", "59")
)
const time = FastCheck.tuple(FastCheck.nat(2), clock).map(
  ([day, [hours, minutes, seconds]]) => `2024-03-0${7 + day}T0${hours}:${minutes}:${seconds}`
)
const timestamp = mostly(
  quoted(time.map((text) => `${text}+00:00`)),
  FastCheck.oneof(
    quoted(
      FastCheck.tuple(
        time,
        pick("", ".1", ".12", ".123", ".1234", ".123456", ".000001", ".123456789", ".1234560"),
        pick("Z", "+00", "+00:00", "-06:00", "+0530", "+14", "")
      ).map((parts) => parts.join(""))
    ),
    pick(
      '"2024-03-09 01:00:00+00"',
      '"2024-02-29T24:00:00+00:00"',
      '"0001-01-01T00:00:00+00:00"',
      '"9999-12-31T23:59:59.999999+00:00"',
      '"1969-12-31T23:59:59.999999+00:00"',
      '"2024-03-09T01:00:00\\u002b00:00"'
    )
  ),
  FastCheck.oneof(
    wrongValue,
    pick(
      '"2023-02-29T00:00:00+00:00"',
      '"2024-03-09T25:00:00+00:00"',
      '"2024-03-09T01:60:00+00:00"',
      '"2024-03-09T01:00:00+24:00"',
      '"2024-03-09T01:00:0x+00:00"',
      '"2024-3-9T01:00:00+00:00"',
      '"2024-03-09T01:00:00+00:0"',
      '"2024-03-09T24:00:01+00:00"'
    )
  )
)
const date = mostly(
  quoted(
    FastCheck.integer({ min: 1, max: 28 }).map((day) => `2024-02-${String(day).padStart(2, "0")}`)
  ),
  pick('"2024-02-29"', '"0001-01-01"', '"9999-12-31"', '"1969-12-31"', '"2024-02-\\u0030\\u0031"'),
  FastCheck.oneof(
    wrongValue,
    pick('"2023-02-29"', '"2024-13-01"', '"2024-00-10"', '"2024-02-30"', '"24-02-01"')
  )
)
const boolean = mostly(
  pick("true", "false"),
  pick("true"),
  FastCheck.oneof(wrongValue, pick("True", "tru"))
)

const unicode = FastCheck.string({ unit: "binary", maxLength: 8 }).map((text) =>
  text.replaceAll(/\p{Surrogate}/gu, "?")
)
/** Texts in which every third character, or no character, is written as `\u` and its code. */
const escaped = FastCheck.tuple(unicode, FastCheck.nat(3)).map(
  ([text, every]) =>
    `"${[...text]
      .map((char, index) =>
        index % 3 === every
          ? [...Array(char.length).keys()]
              .map((unit) => `\\u${char.charCodeAt(unit).toString(16).padStart(4, "0")}`)
              .join("")
          : JSON.stringify(char).slice(1, -1)
      )
      .join("")}"`
)
const text = mostly(
  FastCheck.oneof(
    pick(
      '"a"',
      '"b"',
      '""',
      '"meeting room 1"',
      '"meeting room 12"',
      '"Küche"',
      '"\u{1f600}"',
      '"\ufeffx"'
    ),
    FastCheck.string({ unit: "grapheme", maxLength: 6 }).map((text) => JSON.stringify(text)),
    FastCheck.nat(9_999).map((number) => `"zone ${number}"`)
  ),
  FastCheck.oneof(escaped, pick('"\\/"', '"a\\u0000b"', '"\\ud83d\\ude00"', '"\\n"', '"\\""')),
  FastCheck.oneof(wrongValue, pick('"\\ud800"', '"\\udc00\\ud800"', '"a\nb"', '"\\u12"'))
)
const blank = pick("", "", "", " ", "\n", "\t", "\r\n ")
const anyJson: Cell = FastCheck.letrec<{ value: string }>((tie) => ({
  value: FastCheck.oneof(
    { maxDepth: 3, depthSize: "small" },
    pick(
      "null",
      "true",
      "false",
      "0",
      "-1",
      "12.50",
      "1e400",
      "1E-2",
      "123456789012345678901234567890",
      '""',
      '"\\ud800"'
    ),
    decimal(20),
    escaped,
    FastCheck.tuple(FastCheck.array(tie("value"), { maxLength: 3 }), blank).map(
      ([values, blank]) => `[${blank}${values.join(`,${blank}`)}${blank}]`
    ),
    FastCheck.tuple(
      FastCheck.array(
        FastCheck.tuple(pick('"a"', '"b"', '"\\u0061"', '"__proto__"'), tie("value")),
        { maxLength: 3 }
      ),
      blank
    ).map(
      ([members, blank]) =>
        `{${blank}${members.map(([name, value]) => `${name}${blank}:${blank}${value}`).join(`,${blank}`)}${blank}}`
    )
  )
})).value
const brokenJson = FastCheck.oneof(
  pick(
    "{",
    "[1,]",
    '{"a":1,}',
    '{"a"}',
    "[1 2]",
    '["\\x"]',
    "[01]",
    "[1.]",
    "[.5]",
    "[1e]",
    "[+1]",
    "{a:1}",
    "[tru]",
    '["a]',
    '["\t"]',
    "[1}",
    '{"a":1]',
    '["\\u00g0"]',
    "[-]"
  ),
  FastCheck.tuple(
    anyJson,
    FastCheck.nat(20),
    pick("}", "]", ",", '"', "\\", "{", ":", "e", "")
  ).map(([json, at, insert]) => json.slice(0, at) + insert + json.slice(at + 1))
)
const json = mostly(
  FastCheck.oneof(pick('{"1": 40, "2": 61}', "7", '{"1": 40, "2": 61, "3": 8}', "[]"), anyJson),
  anyJson,
  FastCheck.oneof(wrongValue, brokenJson)
)
const feature = mostly(
  FastCheck.oneof(
    anyJson,
    anyJson.map((text) => JSON.stringify(text))
  ),
  FastCheck.oneof(escaped, pick('"{\\"a\\": 1}"', '"null"', '"{"')),
  FastCheck.oneof(wrongValue, brokenJson)
)

const orNull = ({ right, wrong }: Cells): Cells => ({
  right: FastCheck.oneof({ arbitrary: right, weight: 9 }, { arbitrary: pick("null"), weight: 1 }),
  wrong
})

const only = (right: Cell): Cells => ({ right, wrong: wrongValue })

/** The texts of cells, for each value that a query can select. */
const cells: { readonly [name: string]: Cells } = {
  level: orNull(int),
  mean: float,
  peak: orNull(float),
  big: int64,
  bigger: orNull(int64),
  exact: numeric,
  exacter: orNull(numeric),
  read: orNull(timestamp),
  day: date,
  holiday: orNull(date),
  open: boolean,
  busy: orNull(boolean),
  name: text,
  note: orNull(text),
  code: text,
  value: json,
  extra: orNull(json),
  feature,
  numbers: orNull(only(pick("[1]", "[ 1,2 ]", "[]"))),
  shape: orNull(
    only(pick('{"type":"Point","coordinates":[1,2]}', '{"type": "Point", "coordinates": [3, 4]}'))
  ),
  constructor: orNull(int),
  part: only(anyJson),
  zone: orNull(only(pick('{"floor":1}', '{ "floor" : 2 }')))
}

/** How a query selects the values that are not columns, by the name of the value. */
const selections = {
  constructor: { column: "level", as: "constructor" },
  part: { column: "value", as: "part", path: "$.a" },
  zone: { relationship: "zone", select: ["floor"] }
} as const

export interface Page {
  readonly query: Query.Query<{ readonly [name: string]: unknown }>
  /** The names of the selected values. */
  readonly names: ReadonlyArray<string>
  readonly body: Uint8Array
  readonly status: number
}

const anyNames = FastCheck.tuple(
  FastCheck.subarray(["at", "id", "label"]),
  FastCheck.oneof(
    FastCheck.subarray(Object.keys(cells), { maxLength: 5 }),
    FastCheck.subarray(
      Object.keys(cells).filter((name) => !["zone", "numbers", "shape"].includes(name)),
      { minLength: 1, maxLength: 6 }
    )
  )
).map(([keys, others]) => (keys.length + others.length === 0 ? ["at"] : [...keys, ...others]))

const queryOf = (names: ReadonlyArray<string>) =>
  Query.from(readings, {
    // Each name is a column of the table or a name in `selections`, so the query can select it.
    select: names.map((name) => selections[name as keyof typeof selections] ?? name) as never,
    where: { at: TimeRange.between(new Date(start - 2 * 86_400_000), new Date(start + 86_400_000)) }
  }) as Page["query"]

interface Row {
  readonly cells: ReadonlyArray<readonly [name: string, text: string]>
  readonly spelling:
    | "usual"
    | "usual"
    | "shuffled"
    | "blanks"
    | "twice"
    | "escaped"
    | "more"
    | "less"
    | "none"
  readonly between: string
}

/**
 * A row, and the seconds between its time and the time of the previous row. `anyPage` replaces the
 * key columns by a time and a number that grow from row to row.
 */
const anyRow = (
  names: ReadonlyArray<string>,
  fields: ReadonlyArray<string>
): FastCheck.Arbitrary<Row & { readonly step: number }> =>
  FastCheck.record({
    step: FastCheck.constantFrom(0, 0, 1, 1, 1, 900, 3_600),
    values: FastCheck.tuple(...names.map((name) => cells[name]?.right ?? pick("null"))),
    spelling: FastCheck.oneof(
      { arbitrary: FastCheck.constant("usual" as const), weight: 1_200 },
      {
        arbitrary: FastCheck.constantFrom(
          "shuffled" as const,
          "blanks" as const,
          "twice" as const,
          "escaped" as const,
          "more" as const
        ),
        weight: 80
      },
      { arbitrary: FastCheck.constantFrom("less" as const, "none" as const), weight: 1 }
    ),
    between: FastCheck.oneof({ arbitrary: pick(""), weight: 5 }, blank)
  }).map(({ between, spelling, step, values }) => ({
    step,
    spelling,
    between,
    cells: fields.map((field) => [field, String(values[names.indexOf(field)] ?? "")] as const)
  }))

/** The time of a row. If `isFine` is true, some times have microseconds. */
const timeAt = (seconds: number, isFine: boolean): string => {
  const text = new Date(start + 1_000 * Math.floor(seconds)).toISOString().slice(0, 19)
  return `"${text}${isFine && seconds % 7 === 3 ? ".000250" : ""}+00:00"`
}

const spelled = ({ between, cells, spelling }: Row, index: number): string => {
  const members = cells.map(([name, text]) => [JSON.stringify(name), text] as const)
  const [first = ['"a"', "1"]] = members
  const joined = (all: ReadonlyArray<readonly [string, string]>, blank = "") =>
    `{${blank}${all.map(([name, text]) => `${name}${blank}:${blank}${text}`).join(`${blank},${blank}`)}${blank}}`
  switch (spelling) {
    case "usual":
      return joined(members) + between
    case "shuffled":
      return joined(members.toReversed())
    case "blanks":
      return joined(members, [" ", "\n", "\t", "\r\n"][index % 4])
    case "twice":
      return joined([[first[0], index % 2 === 0 ? "0" : "null"], ...members])
    case "escaped":
      return joined(
        members.map(([name, text]) => [
          `"\\u${name.charCodeAt(1).toString(16).padStart(4, "0")}${name.slice(2)}`,
          text
        ])
      )
    case "more":
      return joined([...members, ['"more"', "{}"]])
    case "less":
      return joined(members.slice(1))
    case "none":
      return ["null", "1", "[]", '"{}"', ""][index % 5] ?? ""
  }
}

const usualFrame = (key: string, rows: string, room: string) =>
  `{"data":{"${key}":[${room}${rows}]}}`

const frames: ReadonlyArray<(key: string, rows: string, room: string) => string> = [
  (key, rows, room) => ` { "data" :\n{ "${key}"\t: [ ${room}${rows} ] } }\r\n`,
  (key, rows, room) => `{"data":{"${key}":[${room}${rows}]},"extensions":{}}`,
  (key, rows, room) => `{"extensions":{"a":[1]},"data":{"${key}":[${room}${rows}]}}`,
  (key, rows, room) => `{"errors":[],"data":{"${key}":[${room}${rows}]}}`,
  (key, rows, room) => `{"data":{"${key}":[${room}${rows}]},"errors":null}`,
  (key, rows, room) => `{"data":{"${key}":[${room}${rows}]},"errors":[{"message":"no"}]}`,
  (key, rows, room) => `{"errors":[{"message":"no"}],"data":{"${key}":[${room}${rows}]}}`,
  (key, rows, room) => `{"data":{"${key}":[1]},"data":{"${key}":[${room}${rows}]}}`,
  (key, rows, room) => `{"data":{"${key}":[${room}${rows}],"${key}":[]}}`,
  (key, rows, room) => `{"data":{"${key}":[${room}${rows}],"other":1}}`,
  (key, rows, room) => `{"d\\u0061ta":{"${key}":[${room}${rows}]}}`,
  (key, rows, room) => `\ufeff{"data":{"${key}":[${room}${rows}]}}`,
  (key, rows, room) => `{"data":{"${key}":[${room}${rows},]}}`,
  (key, rows, room) => `{"data":{"${key}":[${room}${rows}]}}}`,
  (key, rows, room) => `{"data":{"${key}":[${room}${rows}]}} x`,
  (key, rows, room) => `{"data":{"${key}":[${room}${rows}]}`,
  (key, rows, room) => `{"data":{"${key}":{"a":[${room}${rows}]}}}`,
  (_key, rows, room) => `{"data":{"other":[${room}${rows}]}}`,
  (_key, rows, room) => `[${room}${rows}]`,
  () => '{"data":null}',
  () => "<html>"
]

/** Blanks that make a body so long that `columns` scans its bytes instead of parsing it. */
const room = " ".repeat(9_000)

/** Damage to the bytes of a body: its end is cut off, or bytes are replaced. */
const anyDamage = FastCheck.oneof(
  FastCheck.record({
    at: FastCheck.double({ min: 0, max: 1, noNaN: true }),
    bytes: FastCheck.constant(undefined)
  }),
  FastCheck.record({
    at: FastCheck.double({ min: 0, max: 1, noNaN: true }),
    bytes: FastCheck.constantFrom(
      [0xff],
      [0x80],
      [0xc3],
      [0xe2, 0x82],
      [0xed, 0xa0, 0x80],
      [0xc0, 0x80],
      [0x22],
      [0x5c],
      [0x00],
      [0x7d],
      [0x2c]
    )
  })
)

export const anyPage: FastCheck.Arbitrary<Page> = anyNames.chain((names) => {
  const query = queryOf(names)
  // The stream adds the key columns that are not selected.
  const fields = [
    ...names,
    ...["at", "id", "label"]
      .filter((name) => !names.includes(name))
      .map((name) => `page_key_${name}`)
  ]
  return FastCheck.record({
    rows: FastCheck.oneof(
      { arbitrary: FastCheck.array(anyRow(names, fields), { maxLength: 12 }), weight: 3 },
      {
        arbitrary: FastCheck.array(anyRow(names, fields), { minLength: 30, maxLength: 70 }),
        weight: 1
      }
    ),
    isFine: FastCheck.boolean(),
    isInOrder: FastCheck.oneof(
      { arbitrary: FastCheck.constant(true), weight: 40 },
      FastCheck.constant(false)
    ),
    frame: FastCheck.oneof(
      { arbitrary: FastCheck.constant(usualFrame), weight: 30 },
      { arbitrary: FastCheck.constantFrom(...frames), weight: 4 }
    ),
    separator: FastCheck.constantFrom(",", ",", ", \n ", " ,\t"),
    isSmall: FastCheck.integer({ min: 0, max: 9 }),
    wrong: FastCheck.oneof(
      { arbitrary: FastCheck.constant(null), weight: 2 },
      FastCheck.constantFrom(...names, "at", "id").chain((name) =>
        FastCheck.record({
          row: FastCheck.nat(20),
          name: FastCheck.constant(name),
          text: cells[name]?.wrong ?? FastCheck.oneof(int.wrong, timestamp.wrong)
        })
      )
    ),
    damage: FastCheck.oneof({ arbitrary: FastCheck.constant(undefined), weight: 12 }, anyDamage),
    status: FastCheck.oneof(
      { arbitrary: FastCheck.constant(200), weight: 40 },
      FastCheck.constantFrom(201, 400, 500)
    )
  }).map(({ damage, frame, isFine, isInOrder, isSmall, rows, separator, status, wrong }) => {
    let seconds = 0
    let id = 0
    const texts = rows.map((row, index) => {
      seconds += row.step
      id = row.step === 0 ? id + 1 : 0
      if (!isInOrder && index === 3) seconds -= 2
      const keys: { readonly [name: string]: string } = {
        at: timeAt(seconds, isFine),
        id: String(id),
        label: index % 5 === 4 ? "null" : '"x"'
      }
      const cells = row.cells.map(([field, text]) => {
        const name = field.replace("page_key_", "")
        const isWrong = wrong !== null && wrong.name === name && wrong.row % rows.length === index
        return [field, isWrong ? wrong.text : (keys[name] ?? text)] as const
      })
      return spelled({ ...row, cells }, index)
    })
    const body = new TextEncoder().encode(
      frame("readings", texts.join(separator), isSmall === 0 ? "" : room)
    )
    return shownAsText({
      query,
      names,
      status,
      body: damage === undefined ? body : damaged(body, damage)
    })
  })
})

/** Makes a counterexample show the text of the body. */
const shownAsText = (page: Page): Page =>
  Object.defineProperty(page, FastCheck.toStringMethod, {
    value: () =>
      `${page.names.join(" ")} ${page.status}: ${JSON.stringify(new TextDecoder().decode(page.body)).replace(room, "(room)")}`
  })

/** Bytes that are not UTF-8, by the characters that stand for them in the texts of cells. */
const notUtf8: ReadonlyArray<readonly [char: string, bytes: ReadonlyArray<number>]> = [
  ["\ue000", [0xff]],
  ["\ue001", [0xed, 0xa0, 0x80]],
  ["\ue002", [0xc0, 0x80]],
  ["\ue003", [0xe0, 0x80, 0x80]],
  ["\ue004", [0xf4, 0x90, 0x80, 0x80]],
  ["\ue005", [0xc3]]
]

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(
    text
      .split(/([\ue000-\ue005])/)
      .flatMap((part) => notUtf8.find(([char]) => char === part)?.[1] ?? [...encoder.encode(part)])
  )

const encoder = new TextEncoder()

/** The usual cell of each column. */
const usualCells: { readonly [name: string]: string } = {
  level: "7",
  mean: "0.5",
  peak: "1",
  big: '"12"',
  bigger: "13",
  exact: "12.50",
  exacter: '"1.25"',
  read: '"2024-03-09T01:00:00+00:00"',
  day: '"2024-02-28"',
  holiday: '"2024-02-27"',
  open: "true",
  busy: "false",
  name: '"a"',
  note: '"meeting room 1"',
  code: '"b"',
  value: '{"1": 40}',
  extra: "[1]",
  feature: '{"a":1}',
  numbers: "[1]",
  shape: '{"type":"Point","coordinates":[1,2]}',
  constructor: "7",
  part: "1",
  zone: '{"floor":1}'
}

/** Texts of cells that were once read wrongly, or that could be read wrongly. */
const oddCells: ReadonlyArray<string> = [
  ...["null", "true", "false", "tru", "nul", "True", "{}", "[]", "", "-", "NaN", "'a'", "\u0000"],
  ...[
    "0",
    "-0",
    "1",
    "-1",
    "007",
    "01",
    "1.",
    ".5",
    "+1",
    "1e",
    "1e2",
    "1.0",
    "1.5",
    "-0.0",
    "1e400",
    "1E-7"
  ],
  ...["2147483647", "2147483648", "-2147483648", "-2147483649", "4294967296", "12345678901"],
  ...[
    "0.05",
    "0.00123456789012345678",
    "0.1234567890123456789",
    "123456789012345.678901",
    "12345678901234567890"
  ],
  ...[
    "9007199254740991",
    "9007199254740993",
    "4503599627370497.5",
    // Numbers halfway between two doubles. A division of the digits by a power of ten gives the
    // wrong double.
    "4503599627370499.5",
    "4786124851032388.5",
    "1897831199503330.875",
    "9007199254740992.5",
    "0.3",
    "2.5e-324"
  ],
  ...[
    '"9223372036854775807"',
    '"9223372036854775808"',
    '"-9223372036854775808"',
    '"-9223372036854775809"'
  ],
  ...[
    '"-4294967296"',
    '"-4294967297"',
    '"1000000000000000000"',
    '"12345678901234567"',
    '"-0"',
    '"007"',
    '"1"',
    '"1.5"'
  ],
  ...[
    '"NaN"',
    '"Infinity"',
    '"+1"',
    '"1."',
    '".5"',
    '"1e5"',
    '"1e2000"',
    `"${"9".repeat(1_200)}"`,
    "9".repeat(400)
  ],
  ...["", ".1", ".12", ".1234", ".123456", ".1234567", ".123456000", ".999999"].flatMap(
    (fraction) =>
      ["Z", "+00", "+00:00", "-06:00", "+0530", ""].map(
        (zone) => `"2024-03-09T01:02:03${fraction}${zone}"`
      )
  ),
  ...[
    '"2024-03-09 01:00:00+00"',
    '"2024-02-29T24:00:00+00:00"',
    '"2023-02-29T00:00:00+00:00"',
    '"2024-03-09T24:00:01+00:00"'
  ],
  ...[
    '"2024-03-09T01:00:00+24:00"',
    '"2024-03-09T01:00:00+00:60"',
    '"2024-03-09T01:60:00+00:00"',
    '"2024-03-09T01:00:60+00:00"'
  ],
  ...[
    '"2024-03-09T01:00:0x+00:00"',
    '"2024-03-09T01:00:00+00:0"',
    '"2024-13-09T01:00:00+00:00"',
    '"0000-01-01T00:00:00+00:00"'
  ],
  ...[
    '"2024-02-29"',
    '"2023-02-29"',
    '"2024-13-01"',
    '"2024-00-10"',
    '"0001-01-01"',
    '"9999-12-31"',
    '"2024-2-1"'
  ],
  ...[
    '""',
    '"a',
    '"ab"',
    '"meeting room 12"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"\\n"',
    '"\\/"',
    '"\\x"',
    '"\\u12"',
    '"\\u00g0"',
    '"a\nb"'
  ],
  ...[
    '"\ufeffx"',
    '"\u{1f600}"',
    '"Küche"',
    '"\ue000"',
    '"\ue001"',
    '"\ue002"',
    '"\ue003"',
    '"\ue004"',
    '"\ue005"',
    '"a\ue005"'
  ],
  ...[
    "[1,]",
    "[1 2]",
    "[1}",
    '{"a":1]',
    '{"a"}',
    '{"a":1,}',
    "{a:1}",
    "[01]",
    "[1.]",
    "[-]",
    "[1e]",
    "[tru]",
    '["\\x"]',
    '["\t"]',
    "[.5]"
  ],
  ...[
    "[ 1 , 2 ]",
    '{"a":1,"a":2}',
    '{"\\u0061":1}',
    "[[[]]]",
    '["\ue000"]',
    '{"\ue001":1}',
    '["\\ud800"]',
    "123456789012345678901234567890"
  ],
  ...[
    '"{\\"a\\": 1}"',
    '"null"',
    '"{"',
    `${"[".repeat(150)}${"]".repeat(150)}`,
    '{"type":"Point"}',
    '["a"]',
    "[null]"
  ]
]

/** A page of one column. Its rows are usual, except for the cells of this column. */
const pageOf = (
  name: string,
  cells: ReadonlyArray<string>,
  { frame = usualFrame, status = 200, change = (rows: string) => rows, isReversed = false } = {}
): Page => {
  const rows = cells.map((cell, index) => {
    const members = [
      `"${name}":${cell}`,
      `"page_key_at":"2024-03-09T00:00:0${index}+00:00"`,
      '"page_key_id":1',
      '"page_key_label":"x"'
    ]
    return `{${(isReversed ? members.toReversed() : members).join(",")}}`
  })
  return {
    query: queryOf([name]),
    names: [name],
    status,
    body: bytesOf(frame("readings", change(rows.join(",")), room))
  }
}

/**
 * Pages with one odd cell between usual rows. Each odd cell is tested in each column, in rows with
 * the usual and with the reverse order of values.
 */
export const oddPages: ReadonlyArray<Page> = Object.entries(usualCells).flatMap(([name, usual]) =>
  oddCells.flatMap((odd) =>
    [false, true].map((isReversed) => pageOf(name, [usual, usual, odd, usual], { isReversed }))
  )
)

/**
 * Pages with usual rows in each frame, which is the JSON around the rows, and with each status.
 * Other pages have rows with other names than the requested names.
 */
export const framePages: ReadonlyArray<Page> = ["mean", "name"].flatMap((name) => {
  const cell = usualCells[name] ?? "null"
  const rows = [cell, cell, cell]
  // Changes the first row, because rows near the end of a body are not scanned.
  const first = (from: string, to: string) => (texts: string) => texts.replace(from, to)
  return [
    ...[usualFrame, ...frames].map((frame) => pageOf(name, rows, { frame })),
    ...[201, 204, 400, 500].map((status) => pageOf(name, rows, { status })),
    // Names that have the same end, beginning or length as the right name.
    ...["cage_key_at", "page_key_as", "page_key_at_", "page_key_a"].map((other) =>
      pageOf(name, rows, { change: first('"page_key_at"', `"${other}"`) })
    ),
    pageOf(name, rows, { change: first(`"${name}"`, `"${name.slice(1)}x"`) }),
    // A name that differs from the right name only in the middle.
    pageOf(name, rows, { change: first('"page_key_label"', '"page_kay_label"') }),
    // Rows that have one value twice. In two of these rows, another value is missing.
    ...['"page_key_id":2', '"page_key_id":2,"page_key_label":"x"', `"${name}":${cell}`].map(
      (others) => pageOf(name, rows, { change: first('"page_key_label":"x"', others) })
    ),
    // Rows with the same values, whose names or places are exchanged.
    pageOf(name, rows, {
      change: first('"page_key_id":1,"page_key_label":"x"', '"page_key_label":1,"page_key_id":"x"')
    }),
    pageOf(name, rows, {
      change: first('"page_key_id":1,"page_key_label":"x"', '"page_key_label":"x","page_key_id":1')
    })
  ]
})

const damaged = (
  body: Uint8Array,
  { at, bytes }: { readonly at: number; readonly bytes: ReadonlyArray<number> | undefined }
): Uint8Array => {
  // Most of the body is the blanks of `room`, so most damage is done after the blanks.
  const from = body.length > 9_500 && at > 0.05 ? 9_020 : 0
  const position = from + Math.floor(at * (body.length - from))
  if (bytes === undefined) return body.slice(0, position)
  const changed = body.slice()
  changed.set(bytes.slice(0, body.length - position), position)
  return changed
}
