/** The errors of the modules that a Worker or an edge function cannot run. */
import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"

export const noFiles = (): ConfigurationError =>
  new ConfigurationError({
    reason: "UnsupportedRuntime",
    problem: "FileTokenStore needs a file system, which Workers and edge functions do not have",
    hint: "Keep the token in a key-value store of the platform, with TokenStore.make of @innerspace-metrics/core"
  })

export const noSockets = (): ConfigurationError =>
  new ConfigurationError({
    reason: "UnsupportedRuntime",
    problem: "UndiciHttpClient needs Node's sockets, which Workers and edge functions do not have",
    hint: "Use NodeMetrics.layer, which sends requests over fetch there, or FetchHttpClient.layer of @effect/platform"
  })

export const noPerson = (): ConfigurationError =>
  new ConfigurationError({
    reason: "UnsupportedRuntime",
    problem:
      "A person signs in to a program on their own machine, and not to a Worker or an edge function",
    hint: "Use client credentials here, or WebSessions on a server with Node"
  })

export const noSessions = (): ConfigurationError =>
  new ConfigurationError({
    reason: "UnsupportedRuntime",
    problem:
      "WebSessions needs Node, because its sessions live in one process or in a store with locks",
    hint: 'Run the server of the web app in Node. In Next.js: export const runtime = "nodejs"'
  })
