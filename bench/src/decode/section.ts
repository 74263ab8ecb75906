/** From the text of an answer to its rows. */
import { inTurn, roundsOf, runProgram } from "../measurement/programs.js"
import type { Bar, Table } from "../measurement/results.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
import type { Task } from "./decodeProcess.js"

const ours = "innerspace-metrics"
const copied = "JSON.parse, rows copied"
const timed = "JSON.parse, times made"
const allRead = `${ours}, every column read`
const raw = `${ours}, raw rows`

const programs = [
  { name: "JSON.parse", decoder: "JSON.parse" },
  { name: copied, decoder: copied },
  { name: timed, decoder: timed },
  { name: ours, decoder: ours },
  { name: allRead, decoder: ours, readsAll: true },
  { name: raw, decoder: `${ours}, raw` },
  { name: "zod", decoder: "zod", of: "zod" },
  { name: "valibot", decoder: "valibot", of: "valibot" },
  { name: "Effect Schema", decoder: "Effect Schema", of: "effect" }
]

const bars: ReadonlyArray<Bar> = [
  { row: ours, against: "JSON.parse", atMost: 1.5, least: timed },
  { row: allRead, against: "JSON.parse", atMost: 3 },
  { row: raw, against: "JSON.parse", atMost: 1.5 }
]

export const decode: Section = {
  name: "decode",
  title: "Decoding 100,000 rows",
  text: `From the text of an answer to 100,000 rows of four columns: an integer, a time and two numbers. Every program begins with \`JSON.parse\`. innerspace-metrics makes a
\`DateTime.Utc\` of a time, as Effect Schema does; zod and valibot make a \`Date\`. "Every column read" reads each column of each row after decoding. Its rows
are read in place, as a client reads them, and raw ones are those that came: their times are text, for whoever wants one to read. The garbage collection is
included, and the last answer's rows are kept, as a program does that uses them. "Rows copied" makes new rows with nothing decoded. "Times made" puts a
\`DateTime.Utc\` in the place of each text, with no check at all: a decoder that gives times does no less.`,
  measure: async (isQuick) => {
    const tableOf = async (zones: number, title: string): Promise<Table> => {
      const figures = await inTurn(programs, roundsOf(isQuick), ({ decoder, readsAll = false }) =>
        runProgram("decode/decodeProcess.js", {
          decoder,
          rows: isQuick ? 1_000 : 100_000,
          zones,
          readsAll,
          answers: isQuick ? 1 : 6
        } satisfies Task)
      )
      return {
        title,
        unit: "ms CPU",
        decimals: 0,
        reference: "JSON.parse",
        rows: rowsOf(programs, ({ name }) => figures(name, "cpu")),
        bars
      }
    }
    return {
      tables: [
        await tableOf(200, "200 zones, which share each time"),
        ...(isQuick ? [] : [await tableOf(1, "One zone, each time another")])
      ],
      remarks: []
    }
  }
}
