import type { RowPermission } from "../login/HasuraClaims.js"
import * as HasuraClaims from "../login/HasuraClaims.js"

/** A person who can sign in. */
export interface Account extends RowPermission {
  readonly username: Username
  readonly password: string
  readonly name: string
  readonly subject: string
  /** The permission in words, for the sign-in page. */
  readonly sees: string
}

export type Username = "mara@example.com" | "tom@example.com"

/** The people are fixed, so that tests can name them. */
export const people = {
  manager: {
    username: "mara@example.com",
    password: "see-everything",
    name: "Mara Lind",
    subject: "auth0|sandbox-mara",
    sees: "every building",
    ...HasuraClaims.everything
  },
  tenant: {
    username: "tom@example.com",
    password: "see-building-72",
    name: "Tom Becker",
    subject: "auth0|sandbox-tom",
    sees: "building 72 only",
    buildings: [72]
  }
} as const satisfies Readonly<Record<string, Account>>

export const accounts: ReadonlyArray<Account> = [people.manager, people.tenant]

export const byUsername = (username: Username): Account =>
  username === people.tenant.username ? people.tenant : people.manager

export const bySubject = (subject: string): Account | undefined =>
  accounts.find((account) => account.subject === subject)

/** The claims of OpenID Connect about a person. */
export const profileOf = ({ name, subject, username }: Account) => ({
  sub: subject,
  name,
  nickname: username.replace(/@.*/, ""),
  email: username,
  email_verified: true
})
