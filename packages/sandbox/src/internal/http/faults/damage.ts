import type { FaultEffect } from "../../../Fault.js"

/** The faults that change the bytes of a body. */
export type Damage = Extract<
  FaultEffect,
  {
    readonly _tag:
      | "EmptyBody"
      | "MalformedJson"
      | "InvalidUtf8"
      | "DuplicateKeys"
      | "NestedJson"
      | "PartialData"
  }
>

/** A body with a fault. If the fault needs a JSON object, any other body is not changed. */
export const damage = (fault: Damage, body: string): string | Uint8Array => {
  switch (fault._tag) {
    case "EmptyBody":
      return ""
    case "MalformedJson":
      return body.slice(0, -1)
    case "InvalidUtf8":
      return withInvalidByte(body)
    case "DuplicateKeys":
      return withKey(body, ([first]) => (first === undefined ? undefined : [first, "null"]))
    case "NestedJson":
      return withNested(body, fault.depth)
    case "PartialData":
      return withKey(body, (keys) =>
        keys.includes("errors") ? undefined : ["errors", JSON.stringify([errorOf(fault)])]
      )
  }
}

/** An error in Hasura's format. */
export const errorOf = ({
  code,
  message,
  path
}: {
  readonly code: string
  readonly message?: string
  readonly path?: string
}) => ({
  extensions: { path: path ?? "$", code },
  message: message ?? "The sandbox was told to fail"
})

/**
 * Inserts an invalid byte before the last quote of the body. This position is always inside a
 * string.
 */
const withInvalidByte = (body: string): Uint8Array => {
  const at = body.lastIndexOf('"')
  return Buffer.concat([
    Buffer.from(body.slice(0, Math.max(at, 0))),
    Buffer.of(0xff),
    Buffer.from(body.slice(Math.max(at, 0)))
  ])
}

/** Adds a member at the end of an object. */
const withKey = (
  body: string,
  member: (keys: ReadonlyArray<string>) => readonly [key: string, json: string] | undefined
): string => {
  const value = parse(body)
  if (typeof value !== "object" || value === null || Array.isArray(value)) return body
  const keys = Object.keys(value)
  const added = member(keys)
  if (added === undefined) return body
  const [key, json] = added
  const separator = keys.length === 0 ? "" : ","
  return `${body.trimEnd().slice(0, -1)}${separator}${JSON.stringify(key)}:${json}}`
}

/**
 * Matches the first value that contains no other value, and everything before it. The value may be
 * an empty list or object.
 */
const firstValue =
  /^((?:\s*(?:\[(?!\s*\])|\{\s*"(?:[^"\\]|\\.)*"\s*:))*\s*)(?:\[\s*\]|\{\s*\}|"(?:[^"\\]|\\.)*"|[^\s,\]}]+)/

/** Replaces the first value and leaves all other text unchanged. */
const withNested = (body: string, depth: number): string =>
  body.replace(firstValue, (_, before: string) => before + "[".repeat(depth) + "]".repeat(depth))

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
