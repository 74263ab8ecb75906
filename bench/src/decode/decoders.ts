/** Ways to read rows from the text of a response. */

import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import { ZONE_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as v from "valibot"
import * as z from "zod"

type Rows = ReadonlyArray<object>

const query = Query.from(ZONE_INSIGHTS, {
  select: ["ZONE_ID", "DATE_TIME_START", "OCCUPANCY_MEAN", "PEOPLE_COUNT"],
  where: {
    BUILDING_ID: 900,
    GRANULARITY: "PT15M",
    GROUP_ID: "00000000-0000-0000-0000-000000000000"
  }
})

const ours = (query: Query.Query<object>) => {
  const { decode } = Effect.runSync(QueryBuilder.build(query))
  return (text: string): Rows => Either.getOrThrow(decode(JSON.parse(text).data, { inPlace: true }))
}

const ofZod = z.object({
  data: z.object({
    ZONE_INSIGHTS: z.array(
      z.object({
        ZONE_ID: z.int(),
        DATE_TIME_START: z.string().transform((text) => new Date(text)),
        OCCUPANCY_MEAN: z.nullable(z.number()),
        PEOPLE_COUNT: z.nullable(z.number())
      })
    )
  })
})

const ofValibot = v.object({
  data: v.object({
    ZONE_INSIGHTS: v.array(
      v.object({
        ZONE_ID: v.pipe(v.number(), v.integer()),
        DATE_TIME_START: v.pipe(
          v.string(),
          v.transform((text) => new Date(text))
        ),
        OCCUPANCY_MEAN: v.nullable(v.number()),
        PEOPLE_COUNT: v.nullable(v.number())
      })
    )
  })
})

const decodeSchema = Schema.decodeUnknownSync(
  Schema.Struct({
    data: Schema.Struct({
      ZONE_INSIGHTS: Schema.Array(
        Schema.Struct({
          ZONE_ID: Schema.Int,
          DATE_TIME_START: Schema.DateTimeUtc,
          OCCUPANCY_MEAN: Schema.NullOr(Schema.Number),
          PEOPLE_COUNT: Schema.NullOr(Schema.Number)
        })
      )
    })
  })
)

interface Row {
  ZONE_ID: unknown
  DATE_TIME_START: unknown
  OCCUPANCY_MEAN: unknown
  PEOPLE_COUNT: unknown
}

/**
 * Copies the rows, with unchanged values. A spread makes each copy, because a library does not know
 * the columns of a query in another program. An object literal with the names of the columns would
 * be faster: V8 would allocate it directly in the old generation, but the garbage collector must
 * copy spread rows there.
 */
const copied = (rows: ReadonlyArray<Row>): Rows => rows.map((row) => ({ ...row }))

/** The same rows, in which a time replaces each text. Rows with the same time share one object. */
const timed = (rows: ReadonlyArray<Row>): Rows => {
  let text: unknown
  let time: DateTime.Utc | undefined
  for (const row of rows) {
    if (row.DATE_TIME_START !== text) {
      text = row.DATE_TIME_START
      time = DateTime.unsafeMake(Date.parse(String(text)))
    }
    row.DATE_TIME_START = time
  }
  return rows
}

export const decoders: { readonly [name: string]: (text: string) => Rows } = {
  "JSON.parse": (text) => JSON.parse(text).data.ZONE_INSIGHTS,
  "JSON.parse, rows copied": (text) => copied(JSON.parse(text).data.ZONE_INSIGHTS),
  "JSON.parse, times converted": (text) => timed(JSON.parse(text).data.ZONE_INSIGHTS),
  "innerspace-metrics": ours(query),
  "innerspace-metrics, raw": ours(Query.raw(query)),
  zod: (text) => ofZod.parse(JSON.parse(text)).data.ZONE_INSIGHTS,
  valibot: (text) => v.parse(ofValibot, JSON.parse(text)).data.ZONE_INSIGHTS,
  "Effect Schema": (text) => decodeSchema(JSON.parse(text)).data.ZONE_INSIGHTS
}
