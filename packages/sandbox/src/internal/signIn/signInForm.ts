import { timingSafeEqual } from "node:crypto"
import { text } from "node:stream/consumers"
import type Provider from "oidc-provider"
import type { KoaContextWithOIDC } from "oidc-provider"
import * as Pages from "./Pages.js"
import type { ProviderStore } from "./ProviderStore.js"
import type { Account } from "./people.js"
import { accounts } from "./people.js"

/** The path of the form, as in Auth0. */
const path = "/u/login"

/** Shows the form and reads it, when the provider needs a person to sign in. */
export const signInForm =
  (provider: Provider, store: ProviderStore) =>
  async (context: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (context.path !== path) return next()
    context.set("cache-control", "no-store")
    context.set("content-security-policy", contentSecurityPolicy)
    context.type = "html"
    const { req, res } = context
    const interaction = await provider.interactionDetails(req, res).catch(() => undefined)
    if (interaction === undefined) {
      context.status = 400
      context.body = Pages.problem(
        "invalid_request",
        "This sign-in has expired or was started in another browser. Go back to the app and sign in again."
      )
      return
    }
    const show = (username: string, refused: boolean): void => {
      context.status = refused ? 400 : 200
      context.body = Pages.signIn({ action: context.url, username, refused })
    }
    if (context.method !== "POST") {
      const hint = interaction.params["login_hint"]
      return show(typeof hint === "string" ? hint : "", false)
    }
    const form = new URLSearchParams(await text(req))
    const username = (form.get("username") ?? "").trim()
    const account = accountOf(username, form.get("password") ?? "")
    if (account === undefined) return show(username, true)
    const { session } = interaction
    if (session !== undefined && session.accountId !== account.subject) {
      // If another person was signed in before, that session ends.
      store.endSession(session.cookie)
      await Object.assign(interaction, { session: undefined }).persist()
    }
    context.redirect(
      await provider.interactionResult(
        req,
        res,
        { login: { accountId: account.subject } },
        { mergeWithLastSubmission: false }
      )
    )
    context.status = 303
  }

/** `form-action` is not restricted, because browsers also apply it to the redirect to the app. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

const accountOf = (username: string, password: string): Account | undefined =>
  accounts.find(
    (account) => account.username === username.toLowerCase() && same(account.password, password)
  )

const same = (expected: string, given: string): boolean => {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}
