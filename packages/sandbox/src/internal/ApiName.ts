/** The generations of the vendor's API. */
export type ApiName = "v1" | "v1.5" | "v2"
