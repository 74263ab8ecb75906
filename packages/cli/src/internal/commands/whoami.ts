/** `innerspace whoami`: the login of a profile. */
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { expiryOf, isExpired, keptToken } from "../client/session.js"
import type { Run } from "../frame/command.js"
import { renderFields } from "../render/fields.js"
import { readSettings } from "../settings/settings.js"

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const settings = yield* readSettings(world, input)
    const { api, baseUrl, clientId, clientSecret, profile, tokenStore } = settings
    const kept = yield* keptToken(settings)
    const now = yield* Clock.currentTimeMillis
    const token = Option.filter(kept, (token) => !isExpired(token, now))
    if (Option.isNone(token) && clientSecret.value === undefined) {
      return yield* new AuthError({
        reason: "SignInRequired",
        problem: `Nobody is logged in with the profile ${profile.value}`,
        hint: "Run innerspace login, or set INNERSPACE_CLIENT_ID and INNERSPACE_CLIENT_SECRET"
      })
    }
    const claims = Option.flatMap(token, AccessToken.claims)
    const claim = (name: string) =>
      Option.getOrNull(Option.map(claims, (claims) => claims[name] ?? null))
    const data = {
      profile: profile.value,
      api: api.value,
      baseUrl: baseUrl.value,
      clientId: clientId.value ?? null,
      secret:
        clientSecret.value === undefined ? "not set, and not kept" : `set by ${clientSecret.from}`,
      tokenStore: tokenStore.value,
      token: Option.isSome(token) ? "kept" : "none kept: the next call gets one",
      expiresAt: Option.getOrNull(Option.map(token, expiryOf)),
      issuer: claim("iss"),
      subject: claim("sub"),
      audience: claim("aud")
    }
    return { data, print: (output) => output.write(renderFields(data, output)) }
  })
