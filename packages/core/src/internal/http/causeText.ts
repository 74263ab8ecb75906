import { isRecord } from "../../JsonValue.js"

/**
 * What an error and the errors under it say, without the errors: they may lead to the request and
 * so to its headers.
 */
export const causeText = (cause: unknown): string => {
  const texts: Array<string> = []
  for (let error = cause; isRecord(error) && texts.length < 4; error = error["cause"]) {
    const parts = [error["code"], error["message"]].filter(
      (part): part is string => typeof part === "string" && part !== ""
    )
    if (parts.length > 0) texts.push(parts.join(" "))
    // A refused connection over several addresses is an AggregateError without a text of its own.
    const [first] = Array.isArray(error["errors"]) ? error["errors"] : []
    if (parts.length < 2 && isRecord(first) && typeof first["message"] === "string") {
      texts.push(first["message"])
    }
  }
  return texts.length === 0 ? "no reason given" : texts.join(", ")
}

/**
 * An error, the errors under it, and those that it stands for. Few errors have more than a handful.
 */
export const causesOf = (cause: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> => {
  const found: Array<Readonly<Record<string, unknown>>> = []
  const next = [cause]
  while (next.length > 0 && found.length < 32) {
    const error = next.shift()
    if (!isRecord(error) || found.includes(error)) continue
    found.push(error)
    next.push(
      error["cause"],
      ...(Array.isArray(error["errors"]) ? error["errors"].slice(0, 32) : [])
    )
  }
  return found
}
