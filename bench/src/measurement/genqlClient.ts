/** The exports of genql's generated modules that are used here. */
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
  // The path is text in a variable, because the module does not exist when this file is compiled.
  const module: string = "../generated/genql/client.js"
  return import(module)
}
