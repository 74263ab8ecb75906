/** A response with many rows, as text. */
const quarterHour = 15 * 60_000
const start = Date.UTC(2025, 0, 1)

/**
 * The rows are in the order of a stream: by time, then by zone. All rows of the same time have the
 * same text for the time.
 */
export const answerText = (rows: number, zones: number): string =>
  JSON.stringify({
    data: {
      ZONE_INSIGHTS: Array.from({ length: rows }, (_, row) => ({
        ZONE_ID: 900_001 + (row % zones),
        DATE_TIME_START: new Date(start + Math.floor(row / zones) * quarterHour)
          .toISOString()
          .replace(".000Z", "+00:00"),
        OCCUPANCY_MEAN: (row % 97) / 7,
        PEOPLE_COUNT: row % 13
      }))
    }
  })
