/** The responses of a sign-in. They are not cached, and their bodies contain no secret. */
import type { AuthError } from "@innerspace-metrics/core/MetricsError"

export const redirect = (location: string, cookies: ReadonlyArray<string>): Response =>
  new Response(null, { status: 303, headers: headersOf(cookies, [["location", location]]) })

/** A page that says what happened, and how to try again. */
export const problem = (
  status: number,
  text: string,
  loginPath: string,
  cookies: ReadonlyArray<string> = []
): Response =>
  new Response(
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The sign-in failed</title>
</head>
<body>
<main>
<h1>The sign-in failed</h1>
<p role="alert">${text}</p>
<p><a href="${loginPath}">Sign in again</a></p>
</main>
</body>
</html>
`,
    {
      status,
      headers: headersOf(cookies, [
        ["content-type", "text/html; charset=utf-8"],
        ["content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"],
        ["x-content-type-options", "nosniff"]
      ])
    }
  )

export const onlyBy = (method: string): Response =>
  new Response(null, { status: 405, headers: headersOf([], [["allow", method]]) })

const headersOf = (
  cookies: ReadonlyArray<string>,
  others: ReadonlyArray<readonly [name: string, value: string]>
): Headers => {
  const headers = new Headers([
    ["cache-control", "no-store"],
    ["referrer-policy", "no-referrer"]
  ])
  for (const [name, value] of others) headers.set(name, value)
  for (const cookie of cookies) headers.append("set-cookie", cookie)
  return headers
}

/** The status for the browser, and a text that contains nothing from the provider's response. */
export const meaningOf = ({
  isRetryable,
  reason
}: AuthError): readonly [status: number, text: string] => {
  if (reason === "SignInDenied") return [403, "The sign-in was not allowed."]
  if (reason === "SignInRequired") return [400, "The sign-in has expired or was already used."]
  return isRetryable
    ? [503, "The identity provider does not respond. Try again later."]
    : [502, "The identity provider's response could not be used."]
}
