/** Where a provider's token is stored. Created by `TokenStore.place`. */
import type { Settings, StoredToken } from "./throughStore.js"

export interface Place {
  readonly _tag: "Place"
  /**
   * Opens the place for a provider whose settings say when a token is fresh. The code is part of
   * the place, so that a page without a store does not load the code.
   */
  readonly open: (settings: Settings) => StoredToken
}
