/**
 * The addresses of the API and the sign-in. The page's server provides them in `settings.json`,
 * which contains no secret.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Settings = Schema.Struct({
  /** Base URLs of the generations. */
  urls: Schema.Struct({ v1: Schema.String, "v1.5": Schema.String }),
  /** A single-page application of an Auth0 tenant, or of the sandbox. */
  auth0: Schema.Struct({
    domain: Schema.String,
    clientId: Schema.String,
    audience: Schema.String
  }),
  /** The sandbox that the page uses. Without it, the page uses the real API. */
  sandbox: Schema.optional(
    Schema.Struct({
      controlUrl: Schema.String,
      /**
       * The people who can sign in. Their names are not secret, because a sandbox protects nothing.
       */
      people: Schema.Array(Schema.Struct({ username: Schema.String, sees: Schema.String }))
    })
  )
})
export interface Settings extends Schema.Schema.Type<typeof Settings> {}

export const load: Effect.Effect<Settings, string> = Effect.tryPromise({
  try: (signal) => fetch("settings.json", { signal }).then((answer) => answer.json()),
  catch: () =>
    "The server of this page does not respond. Start it with npm run demo, then reload the page."
}).pipe(
  Effect.flatMap((answer) =>
    Effect.mapError(
      Schema.decodeUnknown(Settings)(answer),
      ({ message }) => `The settings of this page are invalid: ${message}`
    )
  )
)
