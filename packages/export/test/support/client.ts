/** Layers for a client of the sandbox, and folders for files. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Vitest } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

/** Retries without a wait, so that tests do not wait. */
const atOnce = RetryPolicy.make({ attempts: 3, baseDelay: 0 })

const apiOf = (sandbox: Sandbox.Service, version: Api.Api["version"]): Api.Api =>
  Api.withBaseUrl({ v1: Api.v1, "v1.5": Api.v1_5, v2: Api.v2 }[version], sandbox.urls[version])

/** A client of the sandbox of the test file. */
export const client = (version: Api.Api["version"] = "v1") =>
  Layer.unwrapEffect(
    Effect.map(Sandbox.Sandbox, (sandbox) =>
      NodeMetrics.layer({
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
        api: apiOf(sandbox, version),
        retry: atOnce
      })
    )
  )

/** The layer of a sandbox and a client, for all tests of a file. */
export const sandboxAndClient = (
  options: Sandbox.Options = {},
  version: Api.Api["version"] = "v1"
) => Layer.provideMerge(client(version), Sandbox.layer(options)).pipe(Layer.orDie)

/** The functions of tests that share a sandbox and its client. */
export type It = Vitest.MethodsNonLive<Layer.Layer.Success<ReturnType<typeof sandboxAndClient>>>

/** A promise client of the sandbox of the test file. It is closed with the scope. */
export const promiseClient = Effect.flatMap(Sandbox.Sandbox, (sandbox) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      createMetricsClient({
        clientId: sandbox.clientId,
        clientSecret: Redacted.value(sandbox.clientSecret),
        api: apiOf(sandbox, "v1"),
        retry: atOnce
      })
    ),
    (client) => Effect.promise(() => client.close())
  )
)

/** A new folder, removed with the scope. */
export const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "export-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)
