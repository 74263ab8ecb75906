/** Serves /auth/login, /auth/callback and /auth/logout of a Next.js app. */
import { sessions } from "../sessions"

// Sessions need Node, so Next.js must not run them on its edge runtime.
export const runtime = "nodejs"

const handle = async (request: Request): Promise<Response> =>
  (await sessions.handle(request)) ?? new Response(null, { status: 404 })

export { handle as GET, handle as POST }
