/** The rules that a soak must meet. Each rule has its figures. */
import { errors } from "./faults.js"
import { isFlat, megabytes } from "./memory.js"
import { retry, type Soak } from "./run.js"
import { lifetimeSeconds } from "./tokens.js"

export interface Verdict {
  readonly rule: string
  readonly holds: boolean
  readonly figures: string
}

export const judge = (soak: Soak): ReadonlyArray<Verdict> => {
  const {
    heaps,
    leaks,
    outcomes,
    replays,
    retries,
    retriesRefused,
    started,
    summary,
    tokens,
    wrong
  } = soak
  const ended = [...outcomes.values()].reduce((sum, count) => sum + count, 0)
  const strange = [...outcomes.keys()].filter((name) => name !== "rows" && !errors.has(name))
  const atOnce = summary.graphql - summary.repeated - summary.repeatedWithSuccess
  const allowed = retry.budget + Math.ceil(atOnce / 10) + summary.repeatedWithSuccess
  return [
    {
      rule: "every call ended with the right rows or with an error that a fault explains",
      holds: ended === started && strange.length === 0 && wrong.length === 0,
      figures: `${started} calls, ${outcomes.get("rows") ?? 0} with the right rows, ${wrong.length} kinds with wrong rows${[...strange, ...wrong].map((one) => `; ${one}`).join("")}`
    },
    {
      rule: "at most one token request was unnecessary",
      holds: tokens.requests - tokens.minimum <= 1,
      figures:
        `${tokens.requests} requests, ${tokens.minimum} needed: ${tokens.renewals} renewals in time ` +
        `(${Math.ceil(soak.seconds / (lifetimeSeconds * 0.8))} at most in this run), ${tokens.afterRefusal} after a refusal, ${tokens.afterFailure} after a failure`
    },
    {
      rule: "retries are within the budget",
      holds: retries <= allowed,
      figures: `${retries} retries, ${allowed} allowed; ${retriesRefused} calls failed because the budget was spent; ${replays} replays with a new token`
    },
    {
      rule: "every repeated request that the server saw was counted as a retry or a replay",
      holds: summary.repeated <= retries + replays,
      figures: `${summary.graphql} requests, ${summary.repeated} of them repeated; ${retries + replays} counted`
    },
    {
      rule: "memory is flat: the heap after the second half is at most 10 % or 8 MB above that after the first half",
      holds: isFlat(heaps),
      figures: `${heaps.map(megabytes).join(" and ")} MB of heap, with no call in flight`
    },
    {
      rule: "nothing is left when the client is closed: no connection, socket, timer or fiber",
      holds: leaks.length === 0,
      figures: leaks.length === 0 ? "nothing" : leaks.join(", ")
    }
  ]
}
