/**
 * `innerspace doctor`: checks whether the settings, the network, the API and the runtime are as
 * this program assumes.
 */
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as UndiciHttpClient from "@innerspace-metrics/node-adapter/UndiciHttpClient"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { withSession } from "../client/session.js"
import type { Outcome, Run } from "../frame/command.js"
import { type Failure, UsageError } from "../frame/failure.js"
import { type Output, printable } from "../frame/output.js"
import { list } from "../frame/read.js"
import type { World } from "../frame/world.js"
import { didYouMean } from "../program/nearest.js"
import { readSettings, type Settings } from "../settings/settings.js"
import { differs, type Line, type Status } from "./line.js"
import { checkNetwork } from "./network.js"
import { type Check, makePost, type Probe } from "./probe.js"
import { checkRows } from "./rows.js"
import { checkRuntime } from "./runtime.js"
import { checkSchema } from "./schema.js"
import { checkSettings } from "./settings.js"
import { checkToken } from "./token.js"

const groups: { readonly [group: string]: Check } = {
  settings: checkSettings,
  network: checkNetwork,
  token: checkToken,
  schema: checkSchema,
  rows: checkRows,
  runtime: checkRuntime
}

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const only = list(input, "only")
    for (const given of only) {
      const [group = ""] = given.split(".")
      if (!Object.hasOwn(groups, group)) {
        return yield* new UsageError(
          `--only is ${JSON.stringify(given)}`,
          didYouMean(group, Object.keys(groups))
        )
      }
    }
    const settings = yield* Effect.either(readSettings(world, input))
    const lines = Either.isLeft(settings)
      ? [differs("settings", settings.left.problem, settings.left.hint)]
      : yield* check(world, settings.right, only)
    return outcomeOf(world, lines)
  })

const check = (
  world: World,
  settings: Settings,
  only: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Line>, Failure> =>
  withSession(settings, gather(world, settings, only), { retry: RetryPolicy.none }).pipe(
    // If the client cannot be built, for example because the proxy is not a URL, no request can be
    // sent.
    Effect.catchTag("ConfigurationError", ({ hint, problem }) =>
      Effect.succeed([differs("network.proxy", problem, hint)])
    )
  )

/** Runs the checks. A failure becomes a line of the report, so requests are not retried. */
const gather = (world: World, settings: Settings, only: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const post = yield* makePost
    const metrics = yield* MetricsClient.MetricsClient
    const tokens = yield* TokenProvider.TokenProvider
    const token = yield* Effect.cached(Effect.either(tokens.get))
    const isWanted = (id: string) => only.length === 0 || only.some((given) => id.startsWith(given))
    const probe: Probe = { world, settings, post, metrics, token, isWanted }
    const lines = yield* Effect.forEach(Object.entries(groups), ([group, check]) =>
      only.length === 0 || only.some((given) => given.split(".")[0] === group)
        ? check(probe)
        : Effect.succeed([])
    )
    return lines.flat().filter(({ id }) => isWanted(id))
  }).pipe(Effect.provide(UndiciHttpClient.layer))

const outcomeOf = (world: World, lines: ReadonlyArray<Line>): Outcome => {
  const count = (status: Status) => lines.filter((line) => line.status === status).length
  const counts = { ok: count("ok"), differs: count("differs"), unknown: count("unknown") }
  const { node, tz } = world.versions
  return {
    data: { node, tz: tz ?? null, platform: world.platform, counts, lines },
    isComplete: counts.differs === 0,
    print: (output) =>
      output.write(
        `${lines.map((line) => render(line, output)).join("")}${counts.ok} ok, ${counts.differs} differ, ${counts.unknown} unknown\n${firstStep(lines)}`
      )
  }
}

/**
 * Names the first failed check. The checks are in the order of the steps of a call, so the first
 * failure often causes the other failures.
 */
const firstStep = (lines: ReadonlyArray<Line>): string => {
  const first = lines.find(({ status }) => status === "differs")
  return first === undefined
    ? ""
    : `Start with ${first.id}: ${printable(first.found)}\n${first.next === null ? "" : `${printable(first.next)}\n`}`
}

const colors: { readonly [S in Status]: number } = { ok: 32, differs: 31, unknown: 33 }

const render = ({ found, id, next, status }: Line, { hasColor }: Output): string => {
  const word = status.padEnd(7)
  const shown = hasColor ? `\u001b[${colors[status]}m${word}\u001b[39m` : word
  return `${shown}  ${id}  ${printable(found)}\n${next === null ? "" : `         ${printable(next)}\n`}`
}
