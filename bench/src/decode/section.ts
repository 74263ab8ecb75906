/** The section about the time to make rows from the text of a response. */
import { inTurn, roundsOf, runProgram } from "../measurement/programs.js"
import type { Bar, Table } from "../measurement/results.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
import type { Task } from "./decodeProcess.js"

const ours = "innerspace-metrics"
const copied = "JSON.parse, rows copied"
const timed = "JSON.parse, times converted"
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
  text: `Turns the text of a response into 100,000 rows of four columns: an integer, a time and two numbers. Every program begins with \`JSON.parse\`.
innerspace-metrics converts a time to a \`DateTime.Utc\`, as Effect Schema does; zod and valibot convert it to a \`Date\`. "Every column read"
reads each column of each row after decoding. innerspace-metrics decodes the parsed rows in place, as a client does. Its raw rows are the parsed
rows, with times as text. CPU time includes the garbage collection, and the rows of the last response are kept, as in a program that uses
them. "Rows copied" makes new rows and decodes nothing. "Times converted" replaces each text by a \`DateTime.Utc\` without any check: every
decoder that returns such times does at least that.`,
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
        await tableOf(200, "200 zones that share each time"),
        ...(isQuick ? [] : [await tableOf(1, "One zone, every time different")])
      ],
      remarks: []
    }
  }
}
