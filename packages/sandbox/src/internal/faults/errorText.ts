/** The given message and path of an error. */
export const errorText = ({
  message,
  path
}: {
  readonly message?: string
  readonly path?: string
}): { readonly message?: string; readonly path?: string } => ({
  ...(message === undefined ? {} : { message }),
  ...(path === undefined ? {} : { path })
})
