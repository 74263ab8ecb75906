/**
 * The section about columns: the bytes of a response become typed arrays, and a stream returns many
 * such arrays.
 */
import { rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { inTurn, runProgram } from "../measurement/programs.js"
import type { Bar, Row, Table } from "../measurement/results.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
import type { Result } from "../stream/messages.js"
import { receiveRun, sandbox, streamRun } from "../stream/processes.js"
import { type Body, bodyText } from "./bodies.js"
import type { Task } from "./columnsProcess.js"

const ours = "innerspace-metrics, columns"
const typed = "innerspace-metrics, typed rows"
const parse = "JSON.parse"

const readers = [
  { name: parse },
  { name: "JSON.parse, columns filled" },
  { name: ours },
  { name: typed }
]

/** The lower bound for a program that reads the bytes of a response. */
const least = { name: "bytes of one spelling, nothing checked" }

/** The lower bound for a stream. */
const received = { name: "responses received, nothing read" }

const peers = [
  { name: "apache-arrow", of: "apache-arrow" },
  { name: "DuckDB", of: "@duckdb/node-api" },
  { name: "Effect Schema", of: "effect" },
  { name: "zod", of: "zod" }
]

/**
 * The number of runs of each program. Other sections have more runs, but this section has many
 * programs and bodies.
 */
const rounds = 3

interface Case extends Body {
  readonly title: string
  /** How many responses a run reads, after a third of this number as warm-up. */
  readonly answers: number
  readonly bars: ReadonlyArray<Bar>
}

const cases: ReadonlyArray<Case> = [
  {
    title: "Four columns",
    shape: "four",
    rows: 100_000,
    oddEvery: 0,
    answers: 9,
    bars: [{ row: ours, against: parse, atMost: 0.4, least: least.name }]
  },
  {
    title: "Eight mixed columns",
    shape: "eight",
    rows: 100_000,
    oddEvery: 0,
    answers: 6,
    bars: [{ row: ours, against: parse, atMost: 0.5, least: least.name }]
  },
  {
    title: "Four columns, 1 % odd rows",
    shape: "four",
    rows: 100_000,
    oddEvery: 100,
    answers: 9,
    bars: [{ row: ours, against: parse, atMost: 0.5, least: least.name }]
  },
  {
    title: "Four columns, all rows odd",
    shape: "four",
    rows: 100_000,
    oddEvery: 1,
    answers: 9,
    bars: [{ row: ours, against: typed, atMost: 1.3 }]
  },
  {
    title: "Four columns, 24 rows",
    shape: "four",
    rows: 24,
    oddEvery: 0,
    // In a run of 2,000 responses, V8's compiler took most of the CPU time.
    answers: 10_000,
    bars: [{ row: ours, against: typed, atMost: 1 }]
  }
]

const tableOf = async (
  { answers, bars, title, ...body }: Case,
  isQuick: boolean
): Promise<Table> => {
  const programs: ReadonlyArray<{ readonly name: string; readonly of?: string }> = [
    ...readers,
    ...(body.oddEvery === 1 ? [] : [least]),
    ...peers
  ]
  const rows = isQuick ? Math.min(body.rows, 500) : body.rows
  const file = join(tmpdir(), `columns-${process.pid}.json`)
  writeFileSync(file, bodyText({ ...body, rows }))
  const figures = await inTurn(programs, isQuick ? 1 : rounds, ({ name }) =>
    runProgram("columns/columnsProcess.js", {
      ...body,
      rows,
      file,
      way: name,
      answers: isQuick ? 1 : answers
    } satisfies Task)
  )
  rmSync(file)
  return {
    title,
    unit: "ms CPU",
    decimals: body.rows < 1_000 ? 3 : 1,
    reference: parse,
    rows: rowsOf(programs, ({ name }) => figures(name, "cpu")),
    bars
  }
}

const megabyte = 1024 * 1024

const streams = (isQuick: boolean) =>
  Effect.gen(function* () {
    const { address } = yield* sandbox
    const task = { address, days: isQuick ? 3 : 365, settings: {} }
    const programs = [
      [typed, streamRun({ ...task, reads: "rows" })],
      [ours, streamRun({ ...task, reads: "columns" })],
      [received.name, receiveRun({ ...task, reads: "columns" })]
    ] as const
    const results = new Map<string, Array<Result>>(programs.map(([name]) => [name, []]))
    for (let round = 0; round < (isQuick ? 1 : 3); round++) {
      for (const [name, run] of programs) results.get(name)?.push(yield* run)
    }
    const rowsBy = (figure: (result: Result) => number): ReadonlyArray<Row> =>
      Array.from(results, ([name, runs]) => ({ name, runs: runs.map(figure) }))
    return [
      {
        title: "7 million rows streamed, rate per CPU time",
        unit: "rows per CPU second",
        decimals: 0,
        reference: typed,
        rows: rowsBy(({ cpuSeconds, rows }) => rows / cpuSeconds),
        bars: [{ row: ours, against: typed, atLeast: 2, least: received.name }]
      },
      {
        title: "7 million rows streamed, peak memory of the process",
        unit: "MB",
        decimals: 0,
        reference: typed,
        rows: rowsBy(({ peakResident }) => peakResident / megabyte),
        bars: [{ row: ours, against: typed, atMost: 1 }]
      }
    ] satisfies ReadonlyArray<Table>
  })

export const columns: Section = {
  name: "columns",
  title: "From a response to columns",
  text: `CPU time from a response to its columns. The four columns are an integer, a time and two numbers; the eight have a \`bigint\`, two texts, a
\`jsonb\` and nulls as well. "Columns filled" fills the same arrays from the parsed rows and checks nothing. innerspace-metrics reads the bytes as
the first page of a stream, over a transport in memory, so it decodes and checks them, the order of the keys included. The other programs
but DuckDB begin with \`JSON.parse\`. "Bytes of one spelling" is the least that a program can do: it knows where each name
ends, checks nothing, and leaves texts and JSON where they are in the response. apache-arrow makes a table of the parsed rows, with the times as text. DuckDB reads a file with the same
bytes into a table in memory, with one thread. An odd row has its values in another order than the selection. The stream is that of the
section \`stream\`, and runs three times. The CPU time of measuring the memory does not count. "Responses received" gets the same rows in responses of the same size through undici, one at a time, and drops their bytes.`,
  measure: async (isQuick) => {
    const tables: Array<Table> = []
    for (const one of cases) tables.push(await tableOf(one, isQuick))
    const streamed = await Effect.runPromise(Effect.scoped(streams(isQuick)))
    return { tables: [...tables, ...streamed], remarks: [] }
  }
}
