import type { ClientMetadata } from "oidc-provider"
import { isLoopback } from "../http/Cors.js"

/**
 * The apps in which people sign in. There is one app for each of Auth0's application types. The ids
 * and the secret are fixed, so that documents and command lines can contain them. The sandbox
 * protects no real data.
 */
export const clients = {
  /** A single-page app. It cannot keep a secret. */
  singlePage: { clientId: "sandbox-spa" },
  /** A native application, such as a command line. It cannot keep a secret either. */
  native: { clientId: "sandbox-native" },
  /** A regular web app, whose server keeps the secret. */
  web: { clientId: "sandbox-web", clientSecret: "sandbox-web-secret-9fJd2LqPz7Rk" }
} as const

const codeFlow = {
  response_types: ["code"],
  application_type: "native",
  redirect_uris: ["http://localhost"]
} satisfies Partial<ClientMetadata>

/** The clients in the form that the provider requires. */
export const metadata: ReadonlyArray<ClientMetadata> = [
  {
    ...codeFlow,
    client_id: clients.singlePage.clientId,
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"]
  },
  {
    ...codeFlow,
    client_id: clients.native.clientId,
    token_endpoint_auth_method: "none",
    grant_types: [
      "authorization_code",
      "refresh_token",
      "urn:ietf:params:oauth:grant-type:device_code"
    ]
  },
  {
    ...codeFlow,
    client_id: clients.web.clientId,
    client_secret: clients.web.clientSecret,
    token_endpoint_auth_method: "client_secret_post",
    grant_types: ["authorization_code", "refresh_token"]
  }
]

/**
 * Whether a URL may be the callback of a client. During development, a web app may run on any port
 * and have any paths. A native application listens on a free port of the loopback address. Its
 * callback contains the address itself, because a name such as localhost must not be looked up (RFC
 * 8252, sections 7.3 and 8.3).
 */
export const mayReturnTo = (clientId: string, url: string): boolean => {
  if (!isLoopback(url)) return false
  const { hostname, protocol } = new URL(url)
  return clientId !== clients.native.clientId || (protocol === "http:" && hostname !== "localhost")
}
