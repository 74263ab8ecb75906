/**
 * The least that a client with Effect and undici can do before it has rows. This is the lower bound
 * for the start of every such client that obtains its token.
 */
export { open } from "./twoRequests.js"
