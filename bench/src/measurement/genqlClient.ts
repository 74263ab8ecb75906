/** What the modules that genql generates export, as far as it is used here. */
export interface GenqlClient {
  readonly createClient: (options: {
    readonly url: string
    readonly headers: { readonly [name: string]: string }
    readonly batch?: boolean
  }) => { readonly query: (selection: object) => Promise<unknown> }
  readonly generateQueryOp: (selection: object) => { readonly query: string }
}

/** The client for the sandbox's schema. It is generated before the measurement begins. */
export const genqlClient = async (): Promise<GenqlClient> => {
  // As text in a variable, since it is not there when this is compiled.
  const module: string = "../generated/genql/client.js"
  return import(module)
}
