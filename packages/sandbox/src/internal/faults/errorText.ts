/** The message and the path of an error, if they are given. */
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
