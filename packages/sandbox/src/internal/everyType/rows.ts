/**
 * The rows of `every_type`. Each column cycles through a list of values. The lists have different
 * lengths, so that every value is combined with many others. Each list has a null.
 */

type Cell = string | number | boolean | null | object

/** Text that is hard to quote, to match or to compare. */
const texts = [
  "Meeting Room",
  "meeting room",
  "",
  null,
  'the "quiet" one',
  "O'Brien's",
  "100%",
  "a_b",
  "back\\slash",
  "😀 desk",
  "Zürich",
  "two\nlines"
]

const values: Readonly<Record<string, ReadonlyArray<Cell>>> = {
  int: [71, 0, -1, null, 2_147_483_647, -2_147_483_648, 42],
  smallint: [7, 0, null, -1, 32_767, -32_768],
  bigint: [
    "42",
    "0",
    "-1",
    "9223372036854775807",
    null,
    "-9223372036854775808",
    "9007199254740993",
    "9007199254740991"
  ],
  numeric: [
    "1.234",
    "0",
    null,
    "-0.5",
    "123456789012345678901234567890",
    "-12345678901234567890.12345678901234567890",
    "0.000000000000000000000000000001",
    "1.50",
    "100"
  ],
  float8: [
    "0.1",
    "0",
    "-1.5",
    null,
    "1e300",
    "5e-324",
    "16.0001220703125",
    "Infinity",
    "-Infinity"
  ],
  real: ["0.1", "0", null, "-1.5", "3.4028235e38", "1e-30", "2.5"],
  boolean: [true, false, null, false, true],
  text: texts,
  varchar: texts.slice(0, 11),
  citext: [
    "Desk",
    "DESK",
    "desk",
    null,
    "meeting room",
    "Meeting Room",
    "",
    "100%",
    "a_b",
    "Zürich"
  ],
  bpchar: ["ab", "AB", null, "", "a_b", "ab cd", "100%", "back\\"],
  uuid: [
    "e707b3a8-0732-49ae-9156-13ff1138540e",
    "00000000-0000-0000-0000-000000000000",
    null,
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "2f1c7a52-7a0e-4b57-9c55-6f2f0c7d1a01",
    "8d94b6f0-4d0b-4c36-8f2b-1b6c5f3e7a02"
  ],
  timestamptz: [
    "2024-01-01T06:00:00Z",
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    null,
    "2015-10-17T20:12:43.5+05:30",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z"
  ],
  timestamp: [
    "2004-10-19T10:23:54",
    "1970-01-01T00:00:00",
    null,
    "1969-12-31T23:59:59.999999",
    "2004-10-19T10:23:54.5",
    "9999-12-31T23:59:59"
  ],
  date: ["2014-09-14", "1970-01-01", "1969-12-31", null, "2024-02-29", "0001-01-01", "9999-12-31"],
  time: ["11:09:23", "00:00:00", null, "23:59:59.999999", "11:09:23.5"],
  timetz: ["15:22:23+00", "15:22:23+05:30", "00:00:00+00", null, "23:59:59.5-08", "09:52:23+00"],
  jsonb: [
    { b: [1, null], a: "x" },
    {},
    [],
    null,
    [1, "a", { c: true }],
    "text",
    0.5,
    true,
    { a: { a: 1 }, "a key": 'a "quote"' }
  ],
  json: [[[1]], { b: 1, a: 2 }, null, "text", 7],
  ints: [[1, 2], [], [1], null, [2, 1], [2_147_483_647, -1], [3, 3], [1, 2, 3]],
  strings: [
    ["a", "b"],
    ["a"],
    [],
    null,
    [""],
    ['"quoted"', "back\\slash", "{curly}", "com,ma", "NULL"],
    ["😀", "O'Brien"],
    ["b", "a"]
  ],
  kind: ["desk", "meeting_room", null, "lounge", "desk"],
  ltree: [
    "site.floor1",
    "site",
    "site.floor1.desk",
    null,
    "site.floor2.desk",
    "other",
    "other.floor1.room",
    ""
  ]
}

/** Rows with special values of the types. */
const special: ReadonlyArray<Readonly<Record<string, Cell>>> = [
  {
    numeric: "NaN",
    float8: "NaN",
    real: "NaN",
    timestamptz: "infinity",
    timestamp: "infinity",
    text: "not a number, and the end of time"
  },
  {
    float8: "-Infinity",
    real: "-Infinity",
    timestamptz: "-infinity",
    timestamp: "-infinity",
    text: "less than all numbers, and before all time"
  },
  { timestamptz: "2015-10-17T14:42:43.123987Z", text: "six digits of a second" },
  { text: "nothing else" }
]

/** The number of rows with ordinary values. They precede the rows with special values. */
const ordinary = 36

export const rows: ReadonlyArray<Readonly<Record<string, Cell>>> = [
  ...Array.from({ length: ordinary }, (_, index) => ({
    id: index + 1,
    ...Object.fromEntries(
      Object.entries(values).map(([name, list]) => [name, list[index % list.length] ?? null])
    )
  })),
  ...special.map((row, index) => ({ id: ordinary + index + 1, ...row }))
]
