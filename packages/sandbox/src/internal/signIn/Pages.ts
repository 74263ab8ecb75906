import { accounts } from "./people.js"

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (found) => escapes[found] ?? "")

/** The style of all pages. It uses system fonts, so that a page sends no further request. */
const style = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2024; --soft: #5b646d; --line: #79838d; --act: #0b5cad;
  --on-act: #fff; --alert: #a3141f; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16191d; --ink: #eceff2; --soft: #a7b1bb; --line: #7d8791; --act: #7db9f5; --on-act: #0d1117;
    --alert: #ff9a9f; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p { margin: 0 0 1rem; color: var(--soft); }
[role=alert] { color: var(--alert); font-weight: 600; }
label { display: block; font-weight: 600; margin: 1rem 0 .25rem; }
input, button { font: inherit; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border-radius: .375rem; }
input { border: 1px solid var(--line); background: var(--paper); color: var(--ink); }
button { margin-top: 1.5rem; border: 0; background: var(--act); color: var(--on-act); font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
th, td { text-align: left; padding: .375rem .5rem .375rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
code { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }`

export const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`

const peopleTable = `<h2 id="people">People of the sandbox</h2>
<table aria-labelledby="people">
<thead><tr><th scope="col">User name</th><th scope="col">Password</th><th scope="col">Can read</th></tr></thead>
<tbody>
${accounts
  .map(
    ({ password, sees, username }) =>
      `<tr><td><code>${username}</code></td><td><code>${password}</code></td><td>${sees}</td></tr>`
  )
  .join("\n")}
</tbody>
</table>`

export interface SignInPage {
  /** The address that the form is sent to. */
  readonly action: string
  readonly username: string
  readonly refused: boolean
}

/** The page with the sign-in form and the list of people. */
export const signIn = ({ action, refused, username }: SignInPage): string =>
  page(
    refused ? "Error: wrong user name or password" : "Sign in",
    `<h1>Sign in</h1>
<p>InnerSpace sandbox, on this machine</p>
${refused ? `<p role="alert" id="refused">Wrong user name or password.</p>` : ""}
<form method="post" action="${escape(action)}">
<label for="username">User name</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required
  value="${escape(username)}"${attention(refused, username === "")}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${attention(
      refused,
      username !== ""
    )}>
<button>Sign in</button>
</form>
${peopleTable}`
  )

const attention = (refused: boolean, focused: boolean): string =>
  (refused ? ` aria-invalid="true" aria-describedby="refused"` : "") + (focused ? " autofocus" : "")

/** A page for a request whose app is not known, so the response cannot go back to the app. */
export const problem = (error: string, description: string): string =>
  page(
    "Sign-in is not possible",
    `<h1>Sign-in is not possible</h1>
<p role="alert">${escape(description)}</p>
<p><code>${escape(error)}</code></p>`
  )

export const signedOut: string = page(
  "Signed out",
  "<h1>Signed out</h1>\n<p>You can close this page.</p>"
)
