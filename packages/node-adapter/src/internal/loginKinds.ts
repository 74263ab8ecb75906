/** The options of a login, and their valid values. */
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import type * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

export const login: LayerOptions.Kinds = {
  "clientId?": [(value) => value === null || typeof value === "string", "a string"],
  // The error does not show the value, because it may be a secret that is not redacted.
  "clientSecret?": [
    (value) =>
      value === null ||
      (Redacted.isRedacted(value) && ["string", "undefined"].includes(typeof secretOf(value))),
    "Redacted.make of a string",
    {}
  ],
  "tokenStore?": [
    (value) =>
      isRecord(value) &&
      ["get", "set", "remove", "lock"].every((name) => typeof value[name] === "function"),
    "a store, such as FileTokenStore.make()",
    {}
  ],
  // This check accepts any value, because the code that chooses the API checks the option.
  "api?": () => true,
  "baseUrl?": [(value) => typeof value === "string", "a string"]
}

/** The secret, or `undefined` if it was wiped or is not redacted. */
export const secretOf = (value: Redacted.Redacted<unknown> | undefined | null): unknown =>
  value === undefined || value === null
    ? undefined
    : Option.getOrUndefined(Option.liftThrowable(Redacted.value)(value))
