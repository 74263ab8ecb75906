/** A Hono app in which people sign in, with Effect. One runtime holds all sessions. */
import { serve } from "@hono/node-server"
import { Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { WebSessions } from "@innerspace-metrics/node-adapter"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Hono } from "hono"

const app = new Hono()
const server = serve({ fetch: app.fetch, port: Number(process.env["PORT"] ?? 3000) })
await new Promise((resolve) => server.once("listening", resolve))
const address = server.address()
const appUrl =
  process.env["APP_URL"] ??
  `http://localhost:${typeof address === "object" ? address?.port : address}`

const settings = Config.all({
  issuer: Config.string("INNERSPACE_AUTH0_DOMAIN"),
  clientId: Config.string("INNERSPACE_AUTH0_WEB_CLIENT_ID"),
  clientSecret: Config.redacted("INNERSPACE_AUTH0_WEB_CLIENT_SECRET"),
  audience: Config.string("INNERSPACE_AUTH0_AUDIENCE"),
  baseUrl: Config.string("INNERSPACE_BASE_URL").pipe(Config.withDefault(undefined)),
  // In production, set COOKIE_SECRET to one secret for all processes of the app.
  cookieSecret: Config.redacted("COOKIE_SECRET").pipe(
    Config.withDefault(Redacted.make(crypto.randomUUID()))
  )
})

const runtime = ManagedRuntime.make(
  Layer.unwrapEffect(
    Effect.map(settings, ({ baseUrl, ...options }) =>
      WebSessions.layer({ ...options, appUrl, ...(baseUrl === undefined ? {} : { baseUrl }) })
    )
  )
)

const week = Query.from(building_metrics, {
  select: ["date_time_start", "metric_value"],
  where: {
    building_id: 72,
    metric_name: "occupancy_max",
    granularity: "P1D",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.week("2024-W10", "Europe/Berlin")
  },
  orderBy: { date_time_start: "asc" }
})

// Serves /login, /callback and /logout.
app.use(async (context, next) => {
  const answer = await runtime.runPromise(
    Effect.flatMap(WebSessions.WebSessions, (sessions) => sessions.handle(context.req.raw))
  )
  return Option.isSome(answer) ? answer.value : next()
})

app.get("/", (context) =>
  runtime.runPromise(
    Effect.gen(function* () {
      const sessions = yield* WebSessions.WebSessions
      const session = yield* sessions.session(context.req.raw)
      if (Option.isNone(session)) return context.redirect("/login?returnTo=/")
      const rows = yield* session.value.metrics.query(week)
      return context.html(`<h1>Most people at once</h1>
<ol>${rows.map((row) => `<li>${row.metric_value ?? "not measured"}</li>`).join("")}</ol>
<form method="post" action="/logout"><button>Sign out</button></form>`)
    }).pipe(
      Effect.catchIf(
        // The provider has ended the session.
        (error) => error.reason === "SignInRequired",
        () => Effect.succeed(context.redirect("/login?returnTo=/"))
      ),
      Effect.catchAll((error) =>
        Effect.as(
          Effect.logError(error.message),
          context.json({ error: error.reason }, error.isRetryable ? 503 : 502)
        )
      )
    )
  )
)

console.log(`${appUrl}/`)

process.once("SIGTERM", () => {
  server.close(() => void runtime.dispose())
})
