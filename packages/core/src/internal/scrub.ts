import * as Redacted from "effect/Redacted"

/** Values that must not be printed. */
export type Secrets = ReadonlyArray<Redacted.Redacted<string>>

/** Text from outside with every occurrence of the secrets struck out: a server may send back what it was sent. */
export const scrub = (text: string, secrets: Secrets): string =>
  secrets
    .flatMap((secret) => spellings(Redacted.value(secret)))
    .filter((spelling) => spelling !== "")
    .reduce((rest, spelling) => rest.replaceAll(spelling, "<redacted>"), text)

/** As it is, as a form body has it, and as a JSON body has it. */
const spellings = (secret: string): ReadonlyArray<string> => [
  secret,
  new URLSearchParams({ "": secret }).toString().slice(1),
  JSON.stringify(secret).slice(1, -1)
]

/** The beginning of a body, on one line, as it can stand in an error. */
export const excerpt = (body: string, secrets: Secrets): string =>
  // Cut after striking out: half a token at the cut would not be recognised.
  scrub(body, secrets).replace(/\s+/g, " ").trim().slice(0, 200)
