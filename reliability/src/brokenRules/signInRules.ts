/** Rules of the sign-in of people, each with a change that breaks it. */
import type { Rule } from "./rule.js"

const internal = "packages/node-adapter/src/internal"

const echoed: Rule["test"] = ["node-adapter/signInSecrets", "is in no error, log, span or page"]

export const signInRules: ReadonlyArray<Rule> = [
  {
    rule: "Secrets are redacted in a provider's error",
    file: `${internal}/openid/failure.ts`,
    from: "HttpExchange.line(text, secrets)",
    to: "text",
    test: echoed
  },
  {
    rule: "The client secret of a web app is redacted",
    file: `${internal}/openid/client.ts`,
    from: "const all = [...ownSecrets, ...secrets]",
    to: "const all = secrets",
    test: echoed
  },
  {
    rule: "A device code is redacted",
    file: `${internal}/openid/client.ts`,
    from: "pollDevice: (code) => step([code]",
    to: "pollDevice: (code) => step([]",
    test: echoed
  },
  {
    rule: "An authorization code and its verifier are redacted",
    file: `${internal}/openid/client.ts`,
    from: "step([code, verifier]",
    to: "step([]",
    test: echoed
  },
  {
    rule: "A refresh token is redacted when it is used",
    file: `${internal}/openid/client.ts`,
    from: "refresh: (token) => step([token]",
    to: "refresh: (token) => step([]",
    test: echoed
  },
  {
    rule: "A refresh token is redacted when it is revoked",
    file: `${internal}/openid/client.ts`,
    from: "revoke: (token) => step([token]",
    to: "revoke: (token) => step([]",
    test: echoed
  },
  {
    rule: "A failed sign-in does not log its URL, which has the code",
    file: `${internal}/web/flow.ts`,
    from: "error.message",
    to: "request.url",
    test: echoed
  },
  {
    rule: "The page of a failed sign-in does not show its URL",
    file: `${internal}/web/flow.ts`,
    from: "responses.problem(status, text, paths.login)",
    to: "responses.problem(status, request.url, paths.login)",
    test: echoed
  },
  {
    rule: "An access token of a sign-in is `Redacted`",
    file: `${internal}/openid/client.ts`,
    from: "accessToken: Redacted.make(answer.access_token)",
    to: "accessToken: answer.access_token",
    test: [
      "node-adapter/signInSecrets",
      "a grant that is printed shows no token, and the stored text is not plain"
    ]
  },
  {
    rule: "A store of sessions has no id that works as a cookie",
    file: `${internal}/web/sessions.ts`,
    from: 'createHash("sha256").update(id).digest("base64url")',
    to: "id",
    test: ["node-adapter/webSessions", "the store has no id that works as a cookie"]
  },
  {
    rule: "The times of an ID token are checked by `Clock`",
    file: `${internal}/openid/client.ts`,
    from: "clock.unsafeCurrentTimeMillis() - system.unsafeCurrentTimeMillis()",
    to: "0",
    test: ["node-adapter/idToken", "a valid ID token"]
  },
  {
    rule: "A refresh token is marked as spent before it is sent",
    file: `${internal}/person/tokens.ts`,
    from: "isSpent: true",
    to: "isSpent: false",
    test: [
      "node-adapter/sessionProcesses",
      "a process that is killed at any moment of a refresh never makes another one send its token"
    ]
  }
]
