/** Reports each setting and its origin. */
import * as Effect from "effect/Effect"
import { isOfPerson } from "../client/person.js"
import { differs, type Line, ok, unknown } from "./line.js"
import type { Check } from "./probe.js"

export const checkSettings: Check = ({ settings }) =>
  Effect.sync((): ReadonlyArray<Line> => {
    const {
      api,
      baseUrl,
      clientId,
      clientSecret,
      config,
      group,
      issuer,
      login,
      profile,
      tokenStore,
      zone
    } = settings
    const from = (setting: { readonly value: unknown; readonly from: string }) =>
      `${setting.value} (${setting.from})`
    const isKnown = Object.hasOwn(config.profiles, profile.value)
    return [
      isKnown || profile.from === "default"
        ? ok("settings.profile", `${from(profile)}${isKnown ? "" : ", not in config.toml"}`)
        : differs("settings.profile", from(profile), "Run innerspace login"),
      ok("settings.config", config.path),
      ok("settings.api", from(api)),
      ok("settings.base-url", from(baseUrl)),
      clientId.value === undefined
        ? differs(
            "settings.client-id",
            "not set",
            "Run innerspace login, or set INNERSPACE_CLIENT_ID"
          )
        : ok("settings.client-id", from(clientId)),
      isOfPerson(settings)
        ? ok("settings.client-secret", `not needed by the login ${login.value}`)
        : clientSecret.value === undefined
          ? unknown(
              "settings.client-secret",
              "not set: the token of innerspace login is used until it expires",
              "For cron, set INNERSPACE_CLIENT_SECRET"
            )
          : ok("settings.client-secret", `set (${clientSecret.from})`),
      ok("settings.login", from(login)),
      // Without an issuer, the login of a person fails before this check, so there is always an
      // issuer.
      ...(isOfPerson(settings) ? [ok("settings.issuer", from(issuer))] : []),
      ok("settings.token-store", from(tokenStore)),
      ok("settings.zone", zone.value === undefined ? "that of the building (default)" : from(zone)),
      ok("settings.group", from(group))
    ]
  })
