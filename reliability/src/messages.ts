/** The messages between the main process and the process of the sandbox. */
import * as Schema from "effect/Schema"

/** The address of the sandbox, and the credentials that it accepts. */
export const Address = Schema.Struct({
  urls: Schema.Struct({ v1: Schema.String, v2: Schema.String, login: Schema.String }),
  clientId: Schema.String,
  clientSecret: Schema.String,
  /** The apps and a person, for sign-ins. */
  signIn: Schema.Struct({
    audience: Schema.String,
    nativeClientId: Schema.String,
    webClientId: Schema.String,
    webClientSecret: Schema.String,
    username: Schema.String,
    password: Schema.String
  })
})
export type Address = typeof Address.Type

const Instruction = Schema.Union(
  Schema.TaggedStruct("Reset", {}),
  Schema.TaggedStruct("Inject", { faults: Schema.Array(Schema.Unknown) }),
  Schema.TaggedStruct("ExpireTokens", {}),
  Schema.TaggedStruct("ClearFaults", {}),
  Schema.TaggedStruct("SetTokenLifetime", { seconds: Schema.Number }),
  Schema.TaggedStruct("Connections", {}),
  Schema.TaggedStruct("CpuSeconds", {}),
  Schema.TaggedStruct("Summary", {})
)
type Instruction = typeof Instruction.Type

/** An instruction with a number. The reply has the same number. */
export const Command = Schema.Struct({ id: Schema.Int, command: Instruction })
export type Command = Instruction

export const Reply = Schema.Union(
  Schema.Struct({ id: Schema.Int, result: Schema.Unknown }),
  Schema.Struct({ id: Schema.Int, error: Schema.String })
)
export type Reply = typeof Reply.Type

/** A token request with its response. Times are in milliseconds. */
const TokenRequest = Schema.Struct({
  at: Schema.Number,
  status: Schema.NullOr(Schema.Number),
  fault: Schema.optionalWith(Schema.String, { exact: true })
})

/** The requests that have arrived since the last reset. */
export const Summary = Schema.Struct({
  graphql: Schema.Int,
  /** The number of GraphQL requests for each fault that was applied. */
  faults: Schema.Record({ key: Schema.String, value: Schema.Int }),
  /**
   * The number of repeated requests, which are retries and replays. Repeated requests of a call
   * have the same request id as the first request.
   */
  repeated: Schema.Int,
  /** The number of calls that were sent more than once and whose last request met no fault. */
  repeatedWithSuccess: Schema.Int,
  tokenRequests: Schema.Array(TokenRequest)
})
export type Summary = typeof Summary.Type
