/** A request whose body has arrived. Header names are in lower case. */
export interface IncomingRequest {
  readonly method: string
  readonly path: string
  /** The path with what follows it. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly remoteAddress: string | undefined
}
