/** `innerspace logout`: removes the tokens, and revokes a person's tokens. The profile stays. */
import * as Effect from "effect/Effect"
import { isOfPerson, signOut } from "../client/person.js"
import { forgetToken } from "../client/session.js"
import type { Run } from "../frame/command.js"
import { readSettings } from "../settings/settings.js"

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const settings = yield* readSettings(world, input)
    const isPerson = isOfPerson(settings)
    const wasKept = yield* isPerson ? signOut(settings) : forgetToken(settings)
    const { clientId, clientSecret, profile, tokenStore } = settings
    return {
      data: { profile: profile.value, removed: wasKept, tokenStore: tokenStore.value },
      warnings:
        isPerson || clientSecret.value === undefined
          ? []
          : [`${clientSecret.from} is set, so the next command gets a new token`],
      print: ({ write }) =>
        write(
          wasKept
            ? `Removed the token of ${clientId.value} from ${tokenStore.value}\n`
            : `There was no token in ${tokenStore.value}\n`
        )
    }
  })
