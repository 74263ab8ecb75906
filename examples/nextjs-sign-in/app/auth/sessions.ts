/** The sessions of a Next.js app, which are created once for the whole server. */
import { createWebSessions } from "@innerspace-metrics/node-adapter/promise"

const {
  APP_URL = "http://localhost:3000",
  INNERSPACE_AUTH0_AUDIENCE = "",
  INNERSPACE_AUTH0_DOMAIN = "",
  INNERSPACE_AUTH0_WEB_CLIENT_ID = "",
  INNERSPACE_AUTH0_WEB_CLIENT_SECRET = "",
  INNERSPACE_BASE_URL,
  // In production, set COOKIE_SECRET to one secret for all processes of the app.
  COOKIE_SECRET = crypto.randomUUID()
} = process.env

export const sessions = createWebSessions({
  issuer: INNERSPACE_AUTH0_DOMAIN,
  clientId: INNERSPACE_AUTH0_WEB_CLIENT_ID,
  clientSecret: INNERSPACE_AUTH0_WEB_CLIENT_SECRET,
  audience: INNERSPACE_AUTH0_AUDIENCE,
  cookieSecret: COOKIE_SECRET,
  appUrl: APP_URL,
  paths: { login: "/auth/login", callback: "/auth/callback", logout: "/auth/logout" },
  ...(INNERSPACE_BASE_URL === undefined ? {} : { baseUrl: INNERSPACE_BASE_URL })
})
