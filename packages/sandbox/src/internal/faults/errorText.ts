/** What an error says of itself, as far as it is given. */
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
