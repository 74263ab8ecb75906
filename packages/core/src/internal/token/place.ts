/** A key of a store as what a provider of tokens works with. */
import type { Settings, StoredToken } from "./throughStore.js"

/** Where a provider's token is stored. Created by `place`. */
export interface Place {
  readonly _tag: "Place"
}

/** The place brings the code along, so that a page without a store does not load it. */
export interface OpenPlace extends Place {
  /** The token that is kept there, for a provider that says when it is fresh. */
  readonly open: (settings: Settings) => StoredToken
}

/** Every place is made by `TokenStore.place`, and that makes one to open. */
export const toOpen = (place: Place | undefined): OpenPlace | undefined =>
  place as OpenPlace | undefined
