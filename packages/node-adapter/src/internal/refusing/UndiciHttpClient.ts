import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as UndiciHttpClient from "../../UndiciHttpClient.js"
import { refusal } from "./refusal.js"

const refusing = HttpClient.make((request) =>
  Effect.fail(
    new HttpClientError.RequestError({
      request,
      reason: "Transport",
      description: refusal().message
    })
  )
)

export const make: typeof UndiciHttpClient.make = () => refusing

export const layer: typeof UndiciHttpClient.layer = Layer.succeed(HttpClient.HttpClient, refusing)
