import * as Redacted from "effect/Redacted"

/** Text without the secrets, in any spelling that a form or JSON gives them. */
export const strikeOutText = (
  text: string,
  secrets: ReadonlyArray<Redacted.Redacted<string>>
): string =>
  secrets
    .flatMap((secret) => spellings(Redacted.value(secret)))
    .filter((spelling) => spelling !== "")
    .reduce((rest, spelling) => rest.replaceAll(spelling, "<redacted>"), text)

const spellings = (secret: string): ReadonlyArray<string> => [
  secret,
  new URLSearchParams({ "": secret }).toString().slice(1),
  JSON.stringify(secret).slice(1, -1)
]
