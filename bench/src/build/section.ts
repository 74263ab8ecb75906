/** The section about the CPU time to build and print an operation. */
import { generateGenql } from "../measurement/genql.js"
import { inTurn, roundsOf, runProgram } from "../measurement/programs.js"
import { rowsOf } from "../measurement/rows.js"
import type { Section } from "../measurement/section.js"
import type { Task } from "./buildProcess.js"

const programs = [
  { name: "innerspace-metrics, new queries" },
  { name: "innerspace-metrics, new queries of a zone" },
  { name: "innerspace-metrics" },
  { name: "a look-up" },
  { name: "genql", of: "@genql/cli" },
  { name: "gql.tada, graphql() and print", of: "gql.tada" },
  { name: "graphql, parse and print", of: "graphql" }
]

export const build: Section = {
  name: "build",
  title: "Building and printing an operation",
  text: `Makes the vendor's documented query as a program writes it, with a new building each time, and prints the text that is sent. Each program gets the same two instants;
in the row "of a zone" innerspace-metrics gets a week and a time zone, and finds its instants. The row
"innerspace-metrics" repeats 200 queries. "A look-up" only finds the texts of these queries in a \`WeakMap\`. innerspace-metrics
makes the query, checks it against its table, and encodes its values; the document of a known shape is found by a look-up. The others check nothing at run time. A program with gql.tada or \`graphql\` does
this once per text, and then sends other variables.`,
  measure: async (isQuick) => {
    await generateGenql()
    const figures = await inTurn(programs, roundsOf(isQuick), ({ name }) =>
      runProgram("build/buildProcess.js", {
        name,
        seconds: isQuick ? 0.01 : 1.2
      } satisfies Task)
    )
    return {
      tables: [
        {
          title: "CPU time of one operation",
          unit: "µs per operation",
          decimals: 2,
          reference: "genql",
          rows: rowsOf(programs, ({ name }) => figures(name, "cpu")),
          bars: [
            { row: "innerspace-metrics, new queries", against: "genql", atMost: 3 },
            {
              row: "innerspace-metrics, new queries",
              against: "gql.tada, graphql() and print",
              atMost: 1
            },
            { row: "innerspace-metrics", against: "a look-up", atMost: 2 }
          ]
        }
      ],
      remarks: []
    }
  }
}
