import { RetryPolicy, TokenStore } from "@innerspace-metrics/core"
import * as Effect from "effect/Effect"
import { equal, failure, ok } from "./expect.mjs"
import { everyone, insights, oneDay } from "./queries.mjs"

const server = "server"

export const login = [
  {
    title: "the first call logs in",
    run: async (t) => {
      equal((await t.client().query(oneDay)).length, 1, "rows")
      equal(await t.sent("token"), 1, "token requests")
    }
  },
  {
    title: "ten calls at once share one login",
    run: async (t) => {
      const metrics = t.client()
      await Promise.all(Array.from({ length: 10 }, () => metrics.query(oneDay)))
      equal(await t.sent("token"), 1, "token requests")
    }
  },
  {
    title: "later calls use the same token",
    run: async (t) => {
      const metrics = t.client()
      for (let call = 0; call < 3; call++) await metrics.query(oneDay)
      equal([await t.sent("token"), await t.sent("graphql")], [1, 3], "requests")
    }
  },
  {
    title: "v1.5 and v2 accept the login",
    run: async (t) => {
      const all = "00000000-0000-0000-0000-000000000000"
      const [older, newer] = [t.client({ api: "v1.5" }), t.client({ api: "v2" })]
      equal((await older.query(insights(everyone))).length, 3, "rows of v1.5")
      equal((await newer.query(insights(all))).length, 3, "rows of v2")
    }
  },
  {
    title: "a wrong secret is CredentialsRefused",
    on: server,
    run: async (t) => {
      const metrics = t.client({ clientSecret: "wrong" })
      const error = await failure(metrics.query(oneDay), "AuthError", "CredentialsRefused")
      ok(!JSON.stringify(error).includes("wrong"), "The error shows the secret")
    }
  },
  {
    title: "an empty secret is MissingCredentials",
    on: server,
    run: (t) =>
      failure(
        t.client({ clientSecret: "" }).query(oneDay),
        "ConfigurationError",
        "MissingCredentials"
      )
  },
  {
    title: "a login that fails twice is tried again",
    on: server,
    run: async (t) => {
      await t.inject({ target: "token", times: 2, effect: { _tag: "Unavailable" } })
      equal((await t.client().query(oneDay)).length, 1, "rows")
      equal(await t.sent("token"), 3, "token requests")
    }
  },
  {
    title: "without a signed-in person the error is SignInRequired",
    on: "page",
    run: (t) =>
      failure(
        t.client({ token: t.source(() => null) }).query(oneDay),
        "AuthError",
        "SignInRequired"
      )
  },
  {
    title: "an expired token is renewed, and the call sent again",
    run: async (t) => {
      const metrics = t.client()
      await metrics.query(oneDay)
      await t.control("tokens/expire")
      equal((await metrics.query(oneDay)).length, 1, "rows")
      equal([await t.sent("token"), await t.sent("graphql")], [2, 3], "requests")
    }
  },
  {
    title: "a refused token is replaced once",
    run: async (t) => {
      await t.inject({ times: "always", effect: { _tag: "Unauthorized" } })
      await failure(t.client().query(oneDay), "AuthError", "TokenRefused")
      equal(await t.sent("graphql"), 2, "requests")
    }
  },
  {
    title: "a token is renewed before it expires",
    run: async (t) => {
      await t.control("lifetimes", { tokenSeconds: 2 })
      const metrics = t.client()
      await metrics.query(oneDay)
      await t.sleep(2_100)
      equal((await metrics.query(oneDay)).length, 1, "rows")
      equal([await t.sent("token"), await t.sent("graphql")], [2, 2], "requests")
    }
  },
  {
    title: "clients with one store share a login",
    on: server,
    run: async (t) => {
      const tokenStore = Effect.runSync(TokenStore.makeMemory)
      await t.client({ tokenStore }).query(oneDay)
      await t.client({ tokenStore }).query(oneDay)
      equal(await t.sent("token"), 1, "token requests")
    }
  },
  {
    title: "a stored token that the API refuses is replaced",
    on: server,
    run: async (t) => {
      const tokenStore = Effect.runSync(TokenStore.makeMemory)
      await t.client({ tokenStore }).query(oneDay)
      await t.control("tokens/expire")
      await t.client({ tokenStore }).query(oneDay)
      await t.client({ tokenStore }).query(oneDay)
      equal(await t.sent("token"), 2, "token requests")
    }
  },
  {
    title: "the wait that a login's 429 asks for is in the error",
    on: server,
    run: async (t) => {
      await t.inject({
        target: "token",
        times: "always",
        effect: { _tag: "RateLimited", retryAfter: 60 }
      })
      const metrics = t.client({ retry: RetryPolicy.none })
      const error = await failure(metrics.query(oneDay), "AuthError", "RateLimited")
      ok(error.retryAfter !== undefined, "retryAfter is missing")
    }
  }
]
