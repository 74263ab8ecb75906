/** `innerspace whoami`: the login of a profile. */
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isOfPerson, personNow } from "../client/person.js"
import { expiryOf, isExpired, keptToken } from "../client/session.js"
import type { Run } from "../frame/command.js"
import { renderFields } from "../render/fields.js"
import { readSettings } from "../settings/settings.js"

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const settings = yield* readSettings(world, input)
    const { api, baseUrl, clientId, clientSecret, login, profile, tokenStore } = settings
    const id = clientId.value
    const isPerson = isOfPerson(settings) && id !== undefined
    const signedIn = isPerson ? yield* personNow(settings, id) : undefined
    const kept = signedIn === undefined ? yield* keptToken(settings) : Option.some(signedIn.token)
    const now = yield* Clock.currentTimeMillis
    const token = Option.filter(kept, (token) => !isExpired(token, now))
    if (Option.isNone(token) && (isPerson || clientSecret.value === undefined)) {
      return yield* new AuthError({
        reason: "SignInRequired",
        problem: `Nobody is logged in with the profile ${profile.value}`,
        hint: "Run innerspace login, or set INNERSPACE_CLIENT_ID and INNERSPACE_CLIENT_SECRET"
      })
    }
    const claims = signedIn?.claims ?? Option.flatMap(token, AccessToken.claims)
    const claim = (name: string) =>
      Option.getOrNull(Option.map(claims, (claims) => claims[name] ?? null))
    const data = {
      profile: profile.value,
      login: login.value,
      api: api.value,
      baseUrl: baseUrl.value,
      clientId: clientId.value ?? null,
      secret: isPerson
        ? "none: a person is signed in"
        : clientSecret.value === undefined
          ? "not set, and not kept"
          : `set by ${clientSecret.from}`,
      tokenStore: tokenStore.value,
      token: Option.isSome(token) ? "kept" : "none kept: the next call gets one",
      expiresAt: Option.getOrNull(Option.map(token, expiryOf)),
      issuer: claim("iss"),
      subject: claim("sub"),
      audience: claim("aud")
    }
    return { data, print: (output) => output.write(renderFields(data, output)) }
  })
