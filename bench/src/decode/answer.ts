/** A response with many rows, as text. */
const quarterHour = 15 * 60_000
const start = Date.UTC(2025, 0, 1)

/**
 * In the order of a stream: by time, and by zone within a time. All zones of a time have the same
 * text for it.
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
