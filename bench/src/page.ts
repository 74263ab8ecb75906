/**
 * The content of BENCHMARKS.md. It defines which figures are next to each other, and which rows are
 * compared.
 */
import type { Page } from "./measurement/report/page.js"

const ours = "innerspace-metrics"

const peers = [
  "undici.request + JSON.parse",
  "global fetch",
  "graphql-request",
  "@urql/core",
  "@apollo/client",
  "genql",
  "Effect HttpClient on undici",
  "Effect HttpClient on fetch"
]

const boards = [
  "undici.request + JSON.parse",
  "global fetch",
  "graphql-request",
  "graphql-request, batchRequests",
  "@urql/core",
  "@apollo/client",
  "@apollo/client, BatchHttpLink",
  "genql",
  "genql, batch",
  "Effect HttpClient on undici",
  "Effect HttpClient on fetch"
]

const inOneFile = ", in one file"

export const page: Page = {
  verdicts: [
    {
      section: "requests",
      measured: "CPU time per request, one request after the other",
      comparisons: [
        {
          table: "One after the other, CPU time",
          row: ours,
          better: "A repeated query uses less CPU",
          against: peers
        },
        {
          table: "One after the other, CPU time",
          row: `${ours}, new queries`,
          better: "A new query uses less CPU",
          against: peers
        }
      ]
    },
    {
      section: "dashboard",
      measured: "time until the rows of 40 queries have arrived, at 50 ms per response",
      comparisons: ["batching", "queryAll"].map((way) => ({
        table: "Time until all rows have arrived",
        row: `${ours}, ${way}`,
        better: `\`${way}\` is faster`,
        against: boards
      }))
    },
    {
      section: "build",
      measured: "CPU time to make a new query and print the text that is sent",
      comparisons: [
        {
          table: "CPU time of one operation",
          row: `${ours}, new queries`,
          better: "A new query uses less CPU",
          against: ["genql", "gql.tada, graphql() and print", "graphql, parse and print"]
        }
      ]
    },
    {
      section: "decode",
      measured: "CPU time to turn the text of a response into 100,000 rows",
      comparisons: [
        { table: "200 zones that share each time", better: "With shared times it uses less CPU" },
        { table: "One zone, every time different", better: "With different times it uses less CPU" }
      ].map((comparison) => ({
        ...comparison,
        row: ours,
        against: ["zod", "valibot", "Effect Schema"]
      }))
    },
    {
      section: "columns",
      measured: "CPU time from a response of 100,000 rows to typed arrays",
      comparisons: [
        { table: "Four columns", better: "With four columns it uses less CPU" },
        { table: "Eight mixed columns", better: "With eight mixed columns it uses less CPU" }
      ].map((comparison) => ({
        ...comparison,
        row: `${ours}, columns`,
        against: [
          "JSON.parse",
          "JSON.parse, columns filled",
          "apache-arrow",
          "DuckDB",
          "Effect Schema",
          "zod"
        ]
      }))
    },
    {
      section: "stream",
      measured: "memory while 7,008,000 rows arrive as one stream; no peer is measured",
      comparisons: [],
      targets: { met: "Memory is constant.", notMet: "**Memory grows.**" }
    },
    {
      section: "export",
      measured:
        "rows per CPU second and memory while 7,008,000 rows become a file; no peer is measured",
      comparisons: [],
      targets: {
        met: "A file and a dataset stay below 350 MB.",
        notMet:
          "A file stays below 350 MB. **A sync of a dataset does not, because parts are in memory as a whole.**"
      }
    },
    {
      section: "coldStart",
      measured: "time from the start of a process until its first rows",
      comparisons: [
        {
          table: "Time until the first rows",
          row: ours,
          better: "Installed as files it is faster",
          against: peers
        },
        {
          table: "Time until the first rows",
          row: `${ours}${inOneFile}`,
          better: "Bundled into one file it is faster",
          against: [
            "undici.request + JSON.parse",
            "graphql-request",
            "@apollo/client",
            "Effect HttpClient on undici"
          ].map((name) => `${name}${inOneFile}`)
        }
      ]
    },
    {
      section: "bundle",
      measured: "bytes that a client adds to a page, minified and gzipped",
      comparisons: [
        {
          table: "Whole, gzipped",
          row: ours,
          better: "It is smaller",
          against: peers.filter((name) => !name.includes("undici"))
        }
      ]
    },
    {
      section: "types",
      measured: "type checking of a schema with 500 tables: time and memory",
      comparisons: [
        { table: "Type checking, time", better: "It is checked faster" },
        { table: "Type checking, memory", better: "It needs less memory" }
      ].map((comparison) => ({ ...comparison, row: ours, against: ["gql.tada", "genql"] }))
    }
  ],
  figures: [
    {
      title: "Requests, cold start and bundle",
      remarksOf: "bundle",
      text: `Each client sends the vendor's documented query to a server on the same machine. innerspace-metrics obtains and renews its token, decodes the
rows, and has retries and a deadline. The peers are given a token, and only those with Effect's HttpClient decode anything. "New queries" are
built for each request; the other rows repeat 200 queries.`,
      rows: [
        ours,
        `${ours}, new queries`,
        `${ours}, promises`,
        `${ours}, spans recorded`,
        ...peers
      ],
      columns: [
        { section: "requests", table: "One after the other, CPU time", head: "µs CPU per request" },
        { section: "requests", table: "50 in flight, CPU time", head: "the same, 50 in flight" },
        {
          section: "requests",
          table: "50 in flight, rate",
          head: "requests per second, 50 in flight"
        },
        { section: "coldStart", table: "Time until the first rows", head: "cold start, ms" },
        {
          section: "coldStart",
          table: "Time until the first rows",
          head: "the same, in one file",
          suffix: inOneFile
        },
        { section: "bundle", table: "Whole, gzipped", head: "page, bytes gzipped" }
      ]
    },
    {
      title: "A dashboard of 40 queries",
      text: `The batches of Apollo, genql and graphql-request are lists of operations in one request, which not every server accepts.
innerspace-metrics merges the queries into one operation.`,
      rows: [`${ours}, batching`, `${ours}, queryAll`, `${ours}, one request each`, ...boards],
      columns: [
        { section: "dashboard", table: "Time until all rows have arrived", head: "ms" },
        { section: "dashboard", table: "Requests", head: "requests" },
        { section: "dashboard", table: "CPU time", head: "ms CPU" }
      ]
    },
    {
      title: "Building and printing an operation",
      text: `innerspace-metrics checks each query against its table. The others check nothing at run time, and a program with gql.tada or \`graphql\` makes each text only once.`,
      rows: [
        `${ours}, new queries`,
        ours,
        "a look-up",
        "genql",
        "gql.tada, graphql() and print",
        "graphql, parse and print"
      ],
      columns: [
        { section: "build", table: "CPU time of one operation", head: "µs CPU per operation" }
      ]
    },
    {
      title: "Decoding 100,000 rows",
      text: `Four columns: an integer, a time and two numbers. innerspace-metrics and Effect Schema return \`DateTime.Utc\`, zod and valibot
\`Date\`. "Times converted" checks nothing, so it is the lower bound for innerspace-metrics.`,
      rows: [
        "JSON.parse",
        "JSON.parse, times converted",
        ours,
        `${ours}, every column read`,
        `${ours}, raw rows`,
        "zod",
        "valibot",
        "Effect Schema"
      ],
      columns: [
        {
          section: "decode",
          table: "200 zones that share each time",
          head: "ms CPU, shared times"
        },
        {
          section: "decode",
          table: "One zone, every time different",
          head: "ms CPU, different times"
        }
      ]
    },
    {
      title: "From a response to columns",
      text: `CPU time of one response. innerspace-metrics decodes and checks the bytes; "columns filled" checks nothing. "Bytes of one spelling" is the
least that a program can do with four columns: it knows where each name ends, and checks nothing. An odd row has its
values in another order than the selection.`,
      rows: [
        "bytes of one spelling, nothing checked",
        "JSON.parse",
        "JSON.parse, columns filled",
        `${ours}, columns`,
        `${ours}, typed rows`,
        "apache-arrow",
        "DuckDB",
        "Effect Schema",
        "zod"
      ],
      columns: [
        { section: "columns", table: "Four columns", head: "ms CPU, four columns" },
        { section: "columns", table: "Eight mixed columns", head: "eight columns" },
        { section: "columns", table: "Four columns, 1 % odd rows", head: "1 % odd rows" },
        { section: "columns", table: "Four columns, all rows odd", head: "all rows odd" },
        { section: "columns", table: "Four columns, 24 rows", head: "24 rows" }
      ]
    },
    {
      title: "Streaming 7 million rows",
      text: `One stream reads a year of quarter hours of 200 zones from a sandbox that computes the rows while it sends them. Memory is constant: after a
full garbage collection, the heap of the last half of the rows is at most 10 % above that of the first half.`,
      rows: ["typed rows", "raw rows, large pages"],
      columns: [
        { section: "stream", table: "Rate", head: "rows per second" },
        { section: "stream", table: "Rate per CPU time", head: "rows per CPU second" },
        {
          section: "stream",
          table: "Heap after a full collection, at each tenth",
          head: "heap, first half, MB",
          suffix: ", first half"
        },
        {
          section: "stream",
          table: "Heap after a full collection, at each tenth",
          head: "heap, last half, MB",
          suffix: ", last half"
        },
        { section: "stream", table: "Peak memory of the process", head: "peak of the process, MB" }
      ]
    },
    {
      title: "Exporting 7 million rows",
      text: `The same rows, written to a file. "Row objects" is a program without the package: typed rows of a stream into hyparquet-writer.
A file takes the memory of one group of rows. A dataset takes more, because a part is in memory as a whole: RUNS.md has the figure.`,
      rows: ["Parquet", "CSV", "NDJSON", "stream + hyparquet-writer, row objects"],
      columns: [
        { section: "export", table: "Rows per CPU time", head: "rows per CPU second" },
        {
          section: "export",
          table: "Peak memory of the process",
          head: "peak of the process, MB"
        },
        { section: "export", table: "Size of the file", head: "size of the file, MB" }
      ]
    },
    {
      title: "Type checking with 500 tables",
      text: "500 tables with 60 columns each, and three queries on them. Each client's own generator generates its types.",
      rows: [ours, "gql.tada", "genql"],
      columns: [
        { section: "types", table: "Type checking, time", head: "check, s" },
        { section: "types", table: "Type checking, memory", head: "check, MB" },
        { section: "types", table: "Generating the types", head: "generate, s" }
      ]
    }
  ]
}
