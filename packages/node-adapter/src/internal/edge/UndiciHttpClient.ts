import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as UndiciHttpClient from "../../UndiciHttpClient.js"
import { noSockets } from "./missing.js"

/** Creates a client whose requests all fail, because `make` itself cannot fail. */
export const make: typeof UndiciHttpClient.make = () =>
  HttpClient.make((request) =>
    Effect.fail(
      new HttpClientError.RequestError({
        request,
        reason: "Transport",
        description: noSockets().message
      })
    )
  )

export const layer: typeof UndiciHttpClient.layer = Layer.failSync(noSockets)
