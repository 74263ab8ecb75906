/** The options of a login, and what they can be. */
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import type * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

export const login: LayerOptions.Kinds = {
  "clientId?": [(value) => value === null || typeof value === "string", "a text"],
  // A text that is not redacted is not shown.
  "clientSecret?": [
    (value) =>
      value === null ||
      (Redacted.isRedacted(value) && ["string", "undefined"].includes(typeof secretOf(value))),
    "Redacted.make of a text",
    {}
  ],
  "tokenStore?": [
    (value) =>
      isRecord(value) &&
      ["get", "set", "remove", "lock"].every((name) => typeof value[name] === "function"),
    "a store, such as FileTokenStore.make()",
    {}
  ],
  // It is checked where it is chosen.
  "api?": () => true,
  "baseUrl?": [(value) => typeof value === "string", "a text"]
}

/** None where it was wiped, or is not redacted. */
export const secretOf = (value: Redacted.Redacted<unknown> | undefined | null): unknown =>
  value === undefined || value === null
    ? undefined
    : Option.getOrUndefined(Option.liftThrowable(Redacted.value)(value))
