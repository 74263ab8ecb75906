/** Where a provider's token is stored. Created by `TokenStore.place`. */
import type { Settings, StoredToken } from "./throughStore.js"

export interface Place {
  readonly _tag: "Place"
  /**
   * The token that is stored there, for a provider that defines when it is fresh. The place
   * contains the code, so that a page without a store does not load it.
   */
  readonly open: (settings: Settings) => StoredToken
}
