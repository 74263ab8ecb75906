import { STATUS_CODES } from "node:http"
import type { FaultEffect } from "../../../Fault.js"
import type { RefusalStatus } from "../../faults/FaultEffect.js"
import type { Answer } from "../Answer.js"
import { json } from "../Answer.js"

type Of<Tag extends FaultEffect["_tag"]> = Extract<FaultEffect, { readonly _tag: Tag }>

/**
 * The body is an assumption, because the response of a proxy in front of the vendor's API is not
 * known.
 */
export const unauthorized = json(401, { error: "unauthorized", error_description: "Unauthorized" })

/** Auth0's words for each status. The words for 400 are an assumption. */
const refusals: Readonly<Record<RefusalStatus, { error: string; description: string }>> = {
  400: { error: "invalid_request", description: "Missing required parameter: audience" },
  401: { error: "access_denied", description: "Unauthorized" },
  403: {
    error: "access_denied",
    description:
      `Client is not authorized to access "https://global-config.innerspace.io". ` +
      `You need to create a "client-grant" associated to this API.`
  },
  429: {
    error: "slow_down",
    description: "You are polling faster than the specified interval of 5 seconds."
  }
}

export const refused = ({ description, error, status }: Of<"Refused">): Answer =>
  json(
    status,
    {
      error: error ?? refusals[status].error,
      error_description: description ?? refusals[status].description
    },
    { "cache-control": "no-store" }
  )

export const rateLimited = ({ rateLimitReset, retryAfter }: Of<"RateLimited">): Answer =>
  json(
    429,
    {
      statusCode: 429,
      error: "Too Many Requests",
      message: "Global limit has been reached",
      errorCode: "too_many_requests"
    },
    {
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
      ...(rateLimitReset === undefined ? {} : { "x-ratelimit-reset": String(rateLimitReset) })
    }
  )

/** A page like nginx's error pages. */
export const html = (status: number, words = STATUS_CODES[status] ?? "Unknown"): Answer => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body:
    `<html><head><title>${status} ${words}</title></head>` +
    `<body><center><h1>${status} ${words}</h1></center></body></html>\n`
})

export const unavailable: Answer = html(503, "Service Temporarily Unavailable")
