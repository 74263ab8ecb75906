/** A table of options with which no layer can be built, and of the errors that they cause. */
import * as Api from "@innerspace-metrics/core/Api"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type { NodeMetrics } from "@innerspace-metrics/node-adapter"
import * as Redacted from "effect/Redacted"

export interface ConfigurationFailure {
  readonly name: string
  readonly options: Partial<NodeMetrics.Options>
  readonly reason: ConfigurationError["reason"]
  /** Words that the message must contain. */
  readonly says: ReadonlyArray<string>
  /** Words that the message must not contain. */
  readonly hides?: string
}

const at = (baseUrl: string): Partial<NodeMetrics.Options> => ({
  api: Api.withBaseUrl(Api.v1, baseUrl)
})

/** A value that JavaScript passes for a missing setting, though the type forbids it. */
const missing = undefined as unknown as string

export const configurationFailures: ReadonlyArray<ConfigurationFailure> = [
  {
    name: "an empty client id",
    options: { clientId: "" },
    reason: "MissingCredentials",
    says: ["client id", "empty"]
  },
  {
    name: "a blank client id",
    options: { clientId: " \n" },
    reason: "MissingCredentials",
    says: ["client id", "empty"]
  },
  {
    name: "no client id",
    options: { clientId: missing },
    reason: "MissingCredentials",
    says: ["client id", "missing"]
  },
  {
    name: "an empty client secret",
    options: { clientSecret: Redacted.make("") },
    reason: "MissingCredentials",
    says: ["client secret", "empty"]
  },
  {
    name: "no client secret",
    options: { clientSecret: Redacted.make(missing) },
    reason: "MissingCredentials",
    says: ["client secret", "missing"]
  },
  {
    name: "neither of the credentials",
    options: { clientId: missing, clientSecret: Redacted.make(missing) },
    reason: "MissingCredentials",
    says: ["The client id is missing, and the client secret is missing"]
  },
  {
    name: "a base URL without a scheme",
    options: at("metrics.example.com"),
    reason: "InvalidBaseUrl",
    says: ["base URL", '"metrics.example.com"']
  },
  {
    name: "an empty base URL",
    options: at(""),
    reason: "InvalidBaseUrl",
    says: ["base URL", '""']
  },
  {
    name: "a base URL that is not HTTP",
    options: at("ftp://metrics.example.com"),
    reason: "InvalidBaseUrl",
    says: ["base URL", "ftp://metrics.example.com"]
  },
  {
    name: "a base URL that has a port for a scheme",
    options: at("localhost:4000"),
    reason: "InvalidBaseUrl",
    says: ["base URL", "localhost:4000"]
  },
  {
    name: "plain HTTP to a host that is not loopback",
    options: at("http://metrics.example.com"),
    reason: "InsecureBaseUrl",
    says: ["base URL", "http://metrics.example.com", "https"]
  },
  {
    name: "plain HTTP to a host that begins like loopback",
    options: at("http://127.0.0.1.example.com"),
    reason: "InsecureBaseUrl",
    says: ["base URL", "http://127.0.0.1.example.com"]
  },
  {
    name: "plain HTTP to every interface",
    options: at("http://0.0.0.0:4000"),
    reason: "InsecureBaseUrl",
    says: ["base URL", "http://0.0.0.0:4000"]
  },
  {
    name: "a base URL with credentials",
    options: at("https://canary-user:canary-password@metrics.example.com"),
    reason: "InvalidBaseUrl",
    says: ["base URL", "metrics.example.com", "credentials"],
    hides: "canary-"
  },
  {
    name: "a base URL with a query",
    options: at("https://metrics.example.com/?key=canary-key"),
    reason: "InvalidBaseUrl",
    says: ["base URL", "metrics.example.com", "query"],
    hides: "canary-"
  },
  {
    name: "a base URL with a fragment",
    options: at("https://metrics.example.com/#canary-part"),
    reason: "InvalidBaseUrl",
    says: ["base URL", "metrics.example.com", "fragment"],
    hides: "canary-"
  },
  {
    name: "a base URL with a password that is not a URL",
    options: at("https://canary-user:canary-password@metrics example.com"),
    reason: "InvalidBaseUrl",
    says: ["base URL"],
    hides: "canary-"
  },
  {
    name: "a base URL with a password and without a scheme",
    options: at("canary-user:canary-password@metrics.example.com"),
    reason: "InvalidBaseUrl",
    says: ["base URL", "metrics.example.com"],
    hides: "canary-"
  },
  {
    name: "a base URL with a query and without a scheme",
    options: at("metrics.example.com/?key=canary-key"),
    reason: "InvalidBaseUrl",
    says: ["base URL", "metrics.example.com"],
    hides: "canary-"
  },
  {
    name: "a limit of no bytes",
    options: { maxBodySize: 0 },
    reason: "InvalidOption",
    says: ["maxBodySize", "0"]
  },
  {
    name: "a limit that is not a number",
    options: { maxBodySize: Number.NaN },
    reason: "InvalidOption",
    says: ["maxBodySize", "NaN"]
  }
]
