/** The place where a provider stores its token. `TokenStore.place` creates it. */
import type { Settings, StoredToken } from "./throughStore.js"

export interface Place {
  readonly _tag: "Place"
  /**
   * Opens the place for a provider. The function belongs to the place, so a page without a store
   * does not load the code of stores.
   */
  readonly open: (settings: Settings) => StoredToken
}
