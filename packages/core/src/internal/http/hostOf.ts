/** Where a URL leads, for messages. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "the API")
