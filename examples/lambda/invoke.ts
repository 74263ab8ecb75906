/** Loads the handler and calls it once. Each run is a new process, as in a cold start. */
import { handler } from "./handler.js"

// The handler uses no other field of its event.
const event = { pathParameters: { building: "71" } } as unknown as Parameters<typeof handler>[0]

// The handler uses neither the context nor the callback.
const answer = await handler(event, {} as Parameters<typeof handler>[1], () => {})
console.log(typeof answer === "object" ? `${answer.statusCode} ${answer.body}` : answer)
process.exit()
