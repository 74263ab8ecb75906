/** A complete request. Header names are in lower case. */
export interface IncomingRequest {
  readonly method: string
  readonly path: string
  /** The path and the query string. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly remoteAddress: string | undefined
}
