import type { CatalogErrorFields } from "../../Catalog.js"

/** What a `CatalogError` is made of. The error itself is made where it becomes public. */
export type Problem = CatalogErrorFields
