/**
 * Checks which form of the request gets a token, how long the token is valid, and what it contains.
 */
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { differs, type Line, ok, unknown } from "./line.js"
import { type Answer, at, type Check, type ProbeWithToken, parsed, withToken } from "./probe.js"

type Encoding = Api.Api["token"]["encoding"]

/**
 * A form of the token request. "labelled" is the form that the vendor's Python example for v1
 * sends: form fields with the content type of JSON.
 */
type Form = Encoding | "labelled"

export const checkToken: Check = withToken((probe) =>
  Effect.gen(function* () {
    const answers = yield* requests(probe)
    return [
      answers === undefined
        ? unknown(
            "token.request",
            "not checked: there is no client secret",
            "Set INNERSPACE_CLIENT_SECRET to check it"
          )
        : requestLine(probe, answers),
      gotLine(probe),
      lifetimeLine(probe, answers),
      claimsLine(probe)
    ]
  })
)

type Answers = { readonly [F in Form]?: Either.Either<Answer, string> }

/** Tries each form once, because the vendor's documentation contradicts itself. */
const requests = ({ post, settings }: ProbeWithToken): Effect.Effect<Answers | undefined> =>
  Effect.gen(function* () {
    const { chosen, clientId, clientSecret } = settings
    const url = Api.tokenUrl(chosen)
    if (clientId.value === undefined || clientSecret.value === undefined || Either.isLeft(url)) {
      return undefined
    }
    const fields = {
      client_id: clientId.value,
      client_secret: Redacted.value(clientSecret.value),
      ...(chosen.token.grantType === undefined ? {} : { grant_type: chosen.token.grantType }),
      ...(chosen.token.audience === undefined ? {} : { audience: chosen.token.audience })
    }
    const ask = (type: string, body: string) =>
      Effect.either(post(url.right, { "content-type": type }, body))
    const form = new URLSearchParams(fields).toString()
    return {
      form: yield* ask("application/x-www-form-urlencoded", form),
      json: yield* ask("application/json", JSON.stringify(fields)),
      ...(chosen.version === "v1" ? { labelled: yield* ask("application/json", form) } : {})
    }
  })

const tokenIn = (
  { settings }: ProbeWithToken,
  answer: Either.Either<Answer, string> | undefined
): string | undefined => {
  if (answer === undefined || Either.isLeft(answer) || answer.right.status >= 300) return undefined
  const value = at(parsed(answer.right.text), settings.chosen.token.answer)
  return typeof value === "string" && value !== "" ? value : undefined
}

const requestLine = (probe: ProbeWithToken, answers: Answers): Line => {
  const id = "token.request"
  const { encoding } = probe.settings.chosen.token
  const isAccepted = (form: Form) => tokenIn(probe, answers[form]) !== undefined
  const accepted = (["form", "json"] as const).filter(isAccepted)
  const words = [...accepted, ...(isAccepted("labelled") ? ["a form that is labelled JSON"] : [])]
  if (words.length === 0) return refusedLine(id, answers)
  const found = `the endpoint accepts ${words.join(", ")}`
  if (isAccepted(encoding)) return ok(id, found)
  if (accepted.length === 0) {
    return differs(
      id,
      found,
      "This program cannot send that: report it to the maintainers, and pass a token of your own with TokenProvider"
    )
  }
  return differs(
    id,
    found,
    `The program sends a body of type ${encoding}: report it to the maintainers, and use a client with { ...api, token: { ...api.token, encoding: "${accepted[0]}" } }`
  )
}

/**
 * The line of the report if the server accepted no form of the request. The responses may say why.
 */
const refusedLine = (id: string, answers: Answers): Line => {
  const all = Object.values(answers)
  const statuses = [
    ...new Set(all.flatMap((answer) => (Either.isRight(answer) ? [answer.right.status] : [])))
  ]
  if (statuses.length === 0) return unknown(id, "no response", "See network.answer")
  const found = `no form of the request gets a token: status ${statuses.join(", ")}`
  return statuses.every((status) => status === 404)
    ? differs(id, found, "There is no token endpoint: check the base URL and the generation")
    : statuses.some((status) => status < 500 && status !== 404)
      ? differs(
          id,
          found,
          "Check the client id and the client secret, and that they belong to this generation"
        )
      : differs(id, found, "Try again later: the endpoint fails")
}

const gotLine = ({ token }: ProbeWithToken): Line =>
  Either.match(token, {
    onLeft: ({ hint, problem }) => differs("token.login", problem, hint),
    onRight: (token) =>
      ok("token.login", token.isShared ? "a token is kept in the store" : "got a token")
  })

/**
 * The shortest accepted lifetime of a token, in seconds. A shorter lifetime is reported, because
 * nearly every call would wait for a new token.
 */
const shortest = 300

const lifetimeLine = (probe: ProbeWithToken, answers: Answers | undefined): Line => {
  const id = "token.lifetime"
  const { encoding, answer: path } = probe.settings.chosen.token
  const answer = answers?.[encoding]
  const json =
    answer !== undefined && Either.isRight(answer) ? parsed(answer.right.text) : undefined
  const given = at(json, [...path.slice(0, -1), "expires_in"])
  const said = typeof given === "number" || typeof given === "string" ? Number(given) : Number.NaN
  const claims = claimsOf(probe)
  const [exp, iat] = [claims?.["exp"], claims?.["iat"]]
  const inside = typeof exp === "number" && typeof iat === "number" ? exp - iat : Number.NaN
  if (Number.isNaN(said) && Number.isNaN(inside)) {
    return unknown(
      id,
      "neither expires_in nor the token says when it expires",
      "It is used until the API rejects it"
    )
  }
  const seconds = Number.isNaN(said) ? inside : said
  const found = `${seconds} s${Number.isNaN(inside) || Number.isNaN(said) || inside === said ? "" : `, and ${inside} s in the token`}`
  return seconds < shortest
    ? differs(id, found, "Ask InnerSpace for a longer lifetime: each new token costs a request")
    : ok(id, found)
}

const claimsOf = ({ token }: ProbeWithToken): { readonly [claim: string]: unknown } | undefined =>
  Either.isRight(token) ? Option.getOrUndefined(AccessToken.claims(token.right)) : undefined

const claimsLine = (probe: ProbeWithToken): Line => {
  const id = "token.claims"
  if (Either.isLeft(probe.token)) return unknown(id, "there is no token")
  const claims = claimsOf(probe)
  if (claims === undefined) return unknown(id, "the token is opaque: not a JWT")
  const hasura = Object.entries(claims).find(([name]) => name.includes("hasura"))?.[1]
  const role = at(hasura, ["x-hasura-default-role"])
  const found = `a JWT with ${Object.keys(claims).join(", ")}${typeof role === "string" ? `; role ${role}` : ""}`
  return typeof role === "string" || hasura === undefined
    ? ok(id, found)
    : differs(id, `${found}; no default role`, "Ask InnerSpace to add the role to the token")
}
