/** Responses with many rows, as bytes. */
const quarterHour = 15 * 60_000
const start = Date.UTC(2025, 0, 1)
const zones = 200

const timeOf = (row: number): string =>
  new Date(start + Math.floor(row / zones) * quarterHour).toISOString().replace(".000Z", "+00:00")

const four = (row: number) => ({
  ZONE_ID: 900_001 + (row % zones),
  DATE_TIME_START: timeOf(row),
  OCCUPANCY_MEAN: (row % 97) / 7,
  PEOPLE_COUNT: row % 13
})

const eight = (row: number) => ({
  ...four(row),
  OCCUPANCY_MEAN: row % 31 === 0 ? null : (row % 97) / 7,
  DEVICE_COUNT: String(10n ** 15n + BigInt(row)),
  ZONE_NAME: row % 29 === 0 ? null : `Zone ${row % zones} of floor ${row % 7}`,
  ZONE_TYPE: ["desk", "meeting_room", "lounge"][row % 3] ?? "",
  DISTRIBUTION: { "1": row % 5, "2": [1, 2], "3": "x" }
})

export const shapes = { four, eight }

export interface Body {
  readonly shape: keyof typeof shapes
  readonly rows: number
  /**
   * Every row whose number is a multiple of this number has its values in another order. With 0, no
   * row has another order.
   */
  readonly oddEvery: number
}

export const bodyText = ({ oddEvery, rows, shape }: Body): string =>
  `{"data":{"readings":[${Array.from({ length: rows }, (_, row) => {
    const values = shapes[shape](row)
    const isOdd = oddEvery > 0 && row % oddEvery === 0
    return JSON.stringify(isOdd ? Object.fromEntries(Object.entries(values).toReversed()) : values)
  }).join(",")}]}}`

export const range = [new Date(start), new Date(start + 10_000 * quarterHour)] as const
