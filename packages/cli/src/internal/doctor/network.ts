/**
 * Checks the connection to the API: the name of the host, the proxy, the certificate, a response,
 * and the difference between the clocks of this machine and the server.
 */
import { lookup } from "node:dns/promises"
import { connect as connectPlain, isIP } from "node:net"
import { connect } from "node:tls"
import * as Api from "@innerspace-metrics/core/Api"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { World } from "../frame/world.js"
import { differs, type Line, ok, unknown } from "./line.js"
import type { Answer, Check, Probe } from "./probe.js"

export const checkNetwork: Check = (probe) =>
  Effect.gen(function* () {
    const url = new URL(probe.settings.baseUrl.value)
    const proxy = proxyOf(probe.world, url)
    const answer = yield* Effect.cached(Effect.either(firstAnswer(probe)))
    const checks: { readonly [id: string]: Effect.Effect<Line> } = {
      "network.proxy": checkProxy(proxy),
      "network.dns": checkName(url, proxy !== undefined),
      "network.tls": checkCertificate(url, proxy !== undefined),
      "network.answer": Effect.map(answer, checkAnswer),
      "network.clock": Effect.map(answer, checkClock),
      "network.rate-limit": Effect.map(answer, checkLimits)
    }
    return yield* Effect.all(
      Object.entries(checks).flatMap(([id, check]) => (probe.isWanted(id) ? [check] : []))
    )
  })

/**
 * The first response of the API. The request has no token, so this check works even if the login
 * fails.
 */
const firstAnswer = ({ post, settings }: Probe): Effect.Effect<Answer, string> =>
  Effect.flatMap(
    Effect.mapError(Api.graphqlUrl(settings.chosen), ({ problem }) => problem),
    (url) => post(url, {}, JSON.stringify({ query: "query doctor { __typename }" }))
  )

interface Proxy {
  readonly url: URL
  readonly variable: string
}

const checkProxy = (proxy: Proxy | undefined): Effect.Effect<Line> => {
  const id = "network.proxy"
  if (proxy === undefined) return Effect.succeed(ok(id, "none"))
  const { url, variable } = proxy
  // The URL may contain credentials, so only the host is shown.
  const found = `${url.host} (${variable})`
  return Effect.async<string | undefined, never>((resume) => {
    const port = Number(url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port)
    const socket = connectPlain({ host: url.hostname.replace(/^\[|\]$/g, ""), port }, () => {
      resume(Effect.succeed(undefined))
      socket.destroy()
    })
    socket.on("error", ({ message }) => resume(Effect.succeed(message)))
    return Effect.sync(() => socket.destroy())
  }).pipe(
    Effect.timeoutTo({
      duration: "10 seconds",
      onSuccess: (problem) => problem,
      onTimeout: () => "no response in 10 seconds"
    }),
    Effect.map((problem) =>
      problem === undefined
        ? ok(id, found)
        : differs(
            id,
            `${found} cannot be reached: ${problem}`,
            `Correct ${variable}, or add the API's host to NO_PROXY`
          )
    )
  )
}

const proxyOf = ({ env }: World, url: URL): Proxy | undefined => {
  // The Node adapter has the same rule: a request by https uses the proxy for http if there is no
  // proxy for https.
  const names = [
    ...(url.protocol === "https:" ? ["https_proxy", "HTTPS_PROXY"] : []),
    "http_proxy",
    "HTTP_PROXY"
  ]
  const excluded = (env["no_proxy"] ?? env["NO_PROXY"] ?? "").split(/[\s,]+/)
  if (
    Api.isLoopback(url) ||
    excluded.some(
      (name) => name !== "" && (name === "*" || url.hostname.endsWith(name.replace(/^\*?\.?/, "")))
    )
  ) {
    return undefined
  }
  for (const variable of names) {
    const value = env[variable]
    if (value === undefined || value.trim() === "") continue
    // The value is a URL. Otherwise the client could not have been built, and this check would not
    // run.
    return URL.canParse(value) ? { url: new URL(value), variable } : undefined
  }
  return undefined
}

const checkName = ({ hostname }: URL, isProxied: boolean): Effect.Effect<Line> => {
  const host = hostname.replace(/^\[|\]$/g, "")
  if (isIP(host) !== 0) return Effect.succeed(ok("network.dns", `${host} is an address`))
  if (isProxied) return Effect.succeed(unknown("network.dns", "the proxy resolves the name"))
  return Effect.tryPromise(() => lookup(host, { all: true })).pipe(
    Effect.timeout("10 seconds"),
    Effect.map((found) =>
      ok("network.dns", `${host} is ${found.map(({ address }) => address).join(", ")}`)
    ),
    Effect.catchAll(() =>
      Effect.succeed(
        differs(
          "network.dns",
          `${host} has no address`,
          "Check the base URL and this machine's DNS"
        )
      )
    )
  )
}

interface Certificate {
  readonly protocol: string
  readonly issuer: string
  readonly validTo: string
  readonly problem: string | undefined
}

/** A certificate that expires within this time is reported. */
const soon = 14 * 86_400_000

const checkCertificate = (url: URL, isProxied: boolean): Effect.Effect<Line> => {
  const id = "network.tls"
  if (url.protocol === "http:") return Effect.succeed(ok(id, "not used: http on this machine"))
  if (isProxied) return Effect.succeed(unknown(id, "behind the proxy; see network.answer"))
  return Effect.map(
    Effect.either(certificateOf(url.hostname, Number(url.port || 443))),
    Either.match({
      onLeft: (problem) => differs(id, problem, "Check that the base URL has a TLS server"),
      onRight: ({ issuer, problem, protocol, validTo }) => {
        const found = `${protocol}, issued by ${issuer}, valid until ${validTo}`
        if (problem !== undefined) {
          return differs(
            id,
            `${found}: ${problem}`,
            "If a company's proxy issues it, set NODE_EXTRA_CA_CERTS to its certificate"
          )
        }
        return Date.parse(validTo) - Date.now() < soon
          ? differs(id, found, "Tell the owner of the host that its certificate expires soon")
          : ok(id, found)
      }
    })
  )
}

const certificateOf = (host: string, port: number): Effect.Effect<Certificate, string> =>
  Effect.async<Certificate, string>((resume) => {
    // An untrusted certificate is only reported, because nothing is sent over this connection.
    const socket = connect(
      { host, port, servername: isIP(host) === 0 ? host : "", rejectUnauthorized: false },
      () => {
        const { issuer, valid_to } = socket.getPeerCertificate()
        resume(
          Effect.succeed({
            protocol: socket.getProtocol() ?? "TLS",
            issuer: String(issuer?.O ?? issuer?.CN ?? "unknown"),
            validTo: valid_to,
            problem: socket.authorized ? undefined : String(socket.authorizationError)
          })
        )
        socket.destroy()
      }
    )
    socket.on("error", ({ message }) => {
      resume(Effect.fail(message))
    })
    return Effect.sync(() => socket.destroy())
  }).pipe(
    Effect.timeoutFail({ duration: "10 seconds", onTimeout: () => "no response in 10 seconds" })
  )

const checkAnswer = (answer: Either.Either<Answer, string>): Line => {
  if (Either.isLeft(answer)) {
    return differs(
      "network.answer",
      answer.left,
      "Check the base URL, and proxies and firewalls between this machine and the API"
    )
  }
  const { status, text } = answer.right
  const isJson = /^\s*[{[]/.test(text)
  // Without a token, an error with status 200, 400 or 401 is normal.
  return isJson && status < 500 && status !== 404
    ? ok("network.answer", `status ${status} with JSON`)
    : differs(
        "network.answer",
        `status ${status}${isJson ? "" : ", and not JSON"}`,
        "Check the base URL, and whether a proxy or a gateway has responded instead of the API"
      )
}

/**
 * The largest accepted difference between the clocks, in milliseconds. A larger difference is
 * reported, because tokens are renewed by this machine's clock.
 */
const largestSkew = 30_000

const checkClock = (answer: Either.Either<Answer, string>): Line => {
  const id = "network.clock"
  if (Either.isLeft(answer)) return unknown(id, "no response")
  const { headers, receivedAt, sentAt } = answer.right
  const server = Date.parse(headers["date"] ?? "")
  if (Number.isNaN(server)) return unknown(id, "the response has no Date header with a time")
  // The server wrote the header `Date` between the request and the response. The time in the header
  // has whole seconds, so half a second is missing on average.
  const skew = Math.round((sentAt + receivedAt) / 2 - (server + 500))
  const found = `this machine is ${Math.abs(skew / 1000).toFixed(0)} s ${skew < 0 ? "behind" : "ahead of"} the server`
  return Math.abs(skew) <= largestSkew
    ? ok(id, found)
    : differs(id, found, "Set this machine's clock, for example by NTP")
}

const checkLimits = (answer: Either.Either<Answer, string>): Line => {
  const id = "network.rate-limit"
  if (Either.isLeft(answer)) return unknown(id, "no response")
  const { headers, status } = answer.right
  const found = Object.entries(headers).filter(([name]) =>
    /^(x-)?ratelimit|^retry-after$|client-quota/.test(name)
  )
  const text = found.map(([name, value]) => `${name}: ${value}`).join(", ")
  const isUsedUp =
    status === 429 || found.some(([name, value]) => /remaining$/.test(name) && Number(value) === 0)
  if (isUsedUp) {
    return differs(
      id,
      text === "" ? "status 429" : text,
      "Wait, and set a rate limit in each program that shares the quota"
    )
  }
  return text === "" ? unknown(id, "the API sends no headers of a rate limit") : ok(id, text)
}
