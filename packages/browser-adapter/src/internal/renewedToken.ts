/** A provider that caches a token, renews it in time and shares it with other tabs. */
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Effect from "effect/Effect"
import type { Options, Source } from "../BrowserTokenProvider.js"
import type { AcquireValue } from "./callbackToken.js"
import { functions } from "./functions.js"
import * as Page from "./page.js"
import * as Tabs from "./tabs.js"

export const renewedToken =
  (
    acquireValue: AcquireValue,
    mayAdopt: (token: AccessToken.AccessToken) => Effect.Effect<boolean>,
    options: Options,
    needed: { readonly [name: string]: unknown }
  ): Source =>
  (api) =>
    Effect.gen(function* () {
      yield* functions(needed)
      yield* LayerOptions.check({ ...LayerOptions.cached, "tabs?": tabsKind }, options)
      const url = yield* Api.graphqlUrl(api)
      const page = yield* Page.make
      const acquire = (refused: AccessToken.AccessToken | undefined) =>
        page.ready.pipe(
          Effect.zipRight(page.unlessLeft(acquireValue(refused?.value), pageLeft)),
          Effect.flatMap((value) => AccessToken.make({ value, header: api.credential }))
        )
      const { tabs: shared, ...cached } = options
      const tabs =
        shared === false
          ? alone
          : yield* Tabs.make(page, { api, url, identity: shared?.identity, mayAdopt })
      const tokens = yield* TokenProvider.cached(
        ({ refused }) => tabs.renew(refused, acquire(refused)),
        cached
      )

      let wasAsked = false
      yield* page.onWake(Effect.suspend(() => (wasAsked ? Effect.ignore(tokens.get) : Effect.void)))
      const online = Effect.async<void>((resume) => {
        if (Page.isOffline(url)) return Effect.sync(page.onceOnline(() => resume(Effect.void)))
        resume(Effect.void)
        return undefined
      })
      // If the network is down, `get` waits. A call gets its token before its first attempt, so
      // this wait spends no attempt. The wait counts towards the deadline of the call.
      const get: typeof tokens.get = Effect.suspend(() => {
        wasAsked = true
        return Effect.zipRight(page.ready, tokens.get)
      }).pipe(
        Effect.catchIf(
          (error) => error.isRetryable && Page.isOffline(url),
          () => Effect.zipRight(online, get)
        )
      )
      return {
        get,
        invalidate: (token) => Effect.zipRight(tabs.forget(token), tokens.invalidate(token))
      }
    })

/** An identity is personal data, so errors do not show it. */
const tabsKind: LayerOptions.Kinds[string] = [
  (value) => value === false || (isRecord(value) && typeof value["identity"] === "string"),
  "false or an identity",
  {}
]

const alone: Tabs.Tabs = { renew: (_, acquire) => acquire, forget: () => Effect.void }

const pageLeft = (): AuthError =>
  new AuthError({
    reason: "Unreachable",
    problem: "The user left the page during the token request",
    hint: "The call is retried if the browser restores the page from its cache"
  })
