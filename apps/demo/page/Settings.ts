/**
 * Where the page finds the API and the sign-in: the server of the page says it in `settings.json`.
 * There is no secret in it.
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
  /** The sandbox that is behind it all; without it the API is a real one. */
  sandbox: Schema.optional(
    Schema.Struct({
      controlUrl: Schema.String,
      /** Who can sign in: a sandbox guards nothing. */
      people: Schema.Array(Schema.Struct({ username: Schema.String, sees: Schema.String }))
    })
  )
})
export interface Settings extends Schema.Schema.Type<typeof Settings> {}

export const load: Effect.Effect<Settings, string> = Effect.tryPromise({
  try: (signal) => fetch("settings.json", { signal }).then((answer) => answer.json()),
  catch: () => "The page's server does not answer. Start it with npm run demo, and reload."
}).pipe(
  Effect.flatMap((answer) =>
    Effect.mapError(
      Schema.decodeUnknown(Settings)(answer),
      ({ message }) => `The page's settings are not as they should be: ${message}`
    )
  )
)
