import { parseArgs } from "node:util"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Options } from "../Sandbox.js"
import { instant } from "./checkOptions.js"
import type { Fault } from "./faults/Fault.js"
import * as FaultText from "./faults/FaultText.js"

export type Command =
  | { readonly _tag: "Help" }
  | { readonly _tag: "Version" }
  | {
      readonly _tag: "Run"
      readonly options: Options
      readonly faults: ReadonlyArray<Fault>
    }
  /** Adds a fault to the sandbox that listens on the port. */
  | { readonly _tag: "Inject"; readonly port: number; readonly fault: Fault }
  /** Drops all faults of the sandbox that listens on the port. */
  | { readonly _tag: "ClearFaults"; readonly port: number }

/**
 * The environment variable with the URL of a database. A common name such as DATABASE_URL is not
 * used, because it may name the database of another program.
 */
const databaseVariable = "INNERSPACE_SANDBOX_DATABASE_URL"

export const help = `Usage: innerspace-sandbox [options]
       innerspace-sandbox fault [--port <number>] <fault>
       innerspace-sandbox fault [--port <number>] --clear

Runs the InnerSpace metrics API on localhost until it is interrupted. With "fault" it injects a fault into a running sandbox,
or drops all faults.

  --port <number>            port of the v1 host. v1.5 and v2 use the next port, sign-in the one after
                             (default 4000, 0 for any free ports)
  --seed <number>            seed of the data (default 1)
  --today <date>             start of the sandbox's clock, such as 2025-06-30 or 2025-06-30T08:00:00Z. The data ends the
                             day before (default: the present)
  --token-lifetime <time>    lifetime of tokens, such as "90 seconds" or "2 hours" (default "24 hours")
  --cache-directory <path>   directory that keeps the prepared database
  --database <url>           a PostgreSQL server to use instead of the embedded one
  --fault <fault>            inject a fault at the start; may be repeated
  --stringify-numeric-types  write bigint, numeric and float8 as JSON strings
  --every-type               add the tables every_type, with a column of every PostgreSQL type that Hasura treats
                             specially, and every_type_part
  --help                     show this text
  --version                  show the version

A fault is an effect and its fields. The schedule is given by fields too:

  innerspace-sandbox fault RateLimited retryAfter=7 times=2
  innerspace-sandbox fault Unavailable target=token ordinals=3,7
  innerspace-sandbox --fault 'Reset chance=0.1 duringSeconds=60'

It may also be JSON, as over HTTP. The README lists all effects and fields.

In your own database the sandbox creates schemas named innerspace_sandbox_..., and drops them when it stops. Other users can
see a command line, so put a URL with a password into the environment variable ${databaseVariable}.`

/** Reads a command line, or returns an error message. */
export const parse = (
  args: ReadonlyArray<string>,
  environment: Readonly<Record<string, string | undefined>>
): Either.Either<Command, string> =>
  args[0] === "fault" ? parseFault(args.slice(1)) : parseRun(args, environment)

const parseFault = (args: ReadonlyArray<string>): Either.Either<Command, string> =>
  Either.gen(function* () {
    const { positionals, values } = yield* Either.try({
      try: () => parseArgs({ args: [...args], options: faultFlags, allowPositionals: true }),
      catch: reasonOf
    })
    if (values.help === true) return { _tag: "Help" }
    const port = yield* wholeNumber("--port", values.port ?? "4000")
    const text = positionals.join(" ")
    if (values.clear === true) {
      return text === ""
        ? { _tag: "ClearFaults", port }
        : yield* Either.left(
            `--clear drops all faults and cannot be combined with a fault: "${text}"`
          )
    }
    return text === ""
      ? yield* Either.left("the fault is missing. Name one, or drop all with --clear")
      : { _tag: "Inject", port, fault: yield* FaultText.parse(text) }
  })

const parseRun = (
  args: ReadonlyArray<string>,
  environment: Readonly<Record<string, string | undefined>>
): Either.Either<Command, string> =>
  Either.gen(function* () {
    const values = yield* Either.try({
      try: () => parseArgs({ args: [...args], options: flags, strict: true }).values,
      catch: reasonOf
    })
    if (values.help === true) return { _tag: "Help" }
    if (values.version === true) return { _tag: "Version" }
    const port = yield* wholeNumber("--port", values.port ?? "4000")
    const seed = yield* wholeNumber("--seed", values.seed ?? "1")
    const today = values.today
    if (today !== undefined && instant(today) === undefined) {
      return yield* Either.left(
        `--today is "${today}", but must be a date such as 2025-06-30, or an instant such as 2025-06-30T08:00:00Z`
      )
    }
    const tokenLifetime = yield* duration(
      "--token-lifetime",
      values["token-lifetime"] ?? "24 hours"
    )
    const faults = yield* Either.all((values.fault ?? []).map(FaultText.parse))
    const cacheDirectory = values["cache-directory"]
    const databaseUrl = yield* urlOf(values.database, environment[databaseVariable])
    return {
      _tag: "Run",
      faults,
      options: {
        port,
        seed,
        tokenLifetime,
        stringifyNumericTypes: values["stringify-numeric-types"] ?? false,
        everyType: values["every-type"] ?? false,
        ...(today === undefined ? {} : { today }),
        ...(cacheDirectory === undefined ? {} : { cacheDirectory }),
        ...(databaseUrl === undefined ? {} : { databaseUrl: Redacted.make(databaseUrl) })
      }
    }
  })

/**
 * The URL of the database. The flag takes precedence over the environment variable. An empty
 * variable counts as not set, because shells and containers unset variables that way.
 */
const urlOf = (
  flag: string | undefined,
  variable: string | undefined
): Either.Either<string | undefined, string> =>
  flag === ""
    ? Either.left(`--database is "", but must be the URL of a PostgreSQL server`)
    : Either.right(flag ?? (variable === "" ? undefined : variable))

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const faultFlags = {
  port: { type: "string" },
  clear: { type: "boolean" },
  help: { type: "boolean", short: "h" }
} as const

const flags = {
  port: { type: "string" },
  seed: { type: "string" },
  today: { type: "string" },
  "token-lifetime": { type: "string" },
  "cache-directory": { type: "string" },
  database: { type: "string" },
  fault: { type: "string", multiple: true },
  "stringify-numeric-types": { type: "boolean" },
  "every-type": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" }
} as const

const wholeNumber = (flag: string, text: string): Either.Either<number, string> =>
  /^\d+$/.test(text)
    ? Either.right(Number(text))
    : Either.left(`${flag} is "${text}", but must be a whole number`)

/** Reads a duration, such as `90 seconds`. A number without a unit means seconds. */
const duration = (flag: string, text: string): Either.Either<Duration.Duration, string> => {
  const words = Schema.decodeUnknownOption(DurationText)(
    /^\d+$/.test(text) ? `${text} seconds` : text
  )
  return Option.match(Option.flatMap(words, Duration.decodeUnknown), {
    onNone: () =>
      Either.left(`${flag} is "${text}", but must be a duration such as "90 seconds" or "2 hours"`),
    onSome: Either.right
  })
}

const DurationText = Schema.String.pipe(Schema.pattern(/^\d+(\.\d+)? (second|minute|hour|day)s?$/))
