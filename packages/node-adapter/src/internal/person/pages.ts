/**
 * The pages that a person sees in the browser after a sign-in. They contain nothing from a request.
 */
import type { ServerResponse } from "node:http"

export interface Page {
  readonly title: string
  readonly text: string
}

export const signedIn: Page = {
  title: "You are signed in",
  text: "You can close this window and go back to the program."
}

export const failed: Page = {
  title: "The sign-in failed",
  text: "You can close this window. The program says what happened."
}

export const notHere: Page = {
  title: "There is nothing here",
  text: "This address belongs to a sign-in that is over, or to another one. Go back to the program."
}

export const send = (response: ServerResponse, status: number, page: Page): void => {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      connection: "close"
    })
    .end(html(page))
}

const html = ({ text, title }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
</main>
</body>
</html>
`
