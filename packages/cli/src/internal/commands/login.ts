/** `innerspace login`: checks credentials, keeps the token, and writes the profile. */
import * as Effect from "effect/Effect"
import { loginOf } from "../client/logins.js"
import { checkedZone } from "../client/places.js"
import { expiryOf } from "../client/session.js"
import type { Run } from "../frame/command.js"
import { text } from "../frame/read.js"
import { renderFields } from "../render/fields.js"
import { writeProfile } from "../settings/config.js"
import { readSettings } from "../settings/settings.js"

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const settings = yield* readSettings(world, input)
    const zone = text(input, "zone")
    if (zone !== undefined) yield* checkedZone(zone, "--zone")
    const { clientId, token } = yield* loginOf(settings)(world, input, settings)
    const { api, audience, baseUrl, config, issuer, login, organization, profile } = settings
    const group = text(input, "group")
    const path = yield* writeProfile(world, profile.value, {
      ...config.profiles[profile.value],
      api: api.value,
      ...(baseUrl.from.startsWith("default") ? {} : { base_url: baseUrl.value }),
      client_id: clientId,
      login: login.value,
      ...(issuer.value === undefined ? {} : { issuer: issuer.value }),
      ...(audience.value === undefined ? {} : { audience: audience.value }),
      ...(organization.value === undefined ? {} : { organization: organization.value }),
      ...(zone === undefined ? {} : { zone }),
      ...(group === undefined ? {} : { group })
    })
    const data = {
      profile: profile.value,
      config: path,
      clientId,
      login: login.value,
      api: api.value,
      baseUrl: baseUrl.value,
      tokenStore: settings.tokenStore.value,
      expiresAt: expiryOf(token)
    }
    return { data, print: (output) => output.write(renderFields(data, output)) }
  })
