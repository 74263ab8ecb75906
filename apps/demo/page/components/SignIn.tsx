/** The page before a person has signed in. */
import type { Session } from "../Session.js"
import type { Settings } from "../Settings.js"

interface Properties {
  readonly session: Session
  readonly settings: Settings
  readonly problem: string | undefined
}

export const SignIn = ({ session, settings, problem }: Properties) => (
  <main class="sign-in" id="main">
    <div class="sign-in-card">
      <p class="eyebrow">InnerSpace metrics</p>
      <h1>How the office is used</h1>
      <p class="lead">Sign in to see the buildings of your account.</p>
      {problem !== undefined && (
        <div class="notice notice-failure" role="alert">
          <p>{problem}</p>
        </div>
      )}
      <button type="button" class="button button-primary" onClick={session.signIn}>
        Sign in
      </button>
      {settings.sandbox !== undefined && (
        <div class="sign-in-people">
          <p>
            This page uses a sandbox on this machine. The sandbox's sign-in page shows the passwords
            of two people:
          </p>
          <ul>
            {settings.sandbox.people.map(({ username, sees }) => (
              <li key={username}>
                <strong>{username}</strong> sees {sees}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  </main>
)
