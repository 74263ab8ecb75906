/** Where tokens are kept between commands. */
import type * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as FileTokenStore from "@innerspace-metrics/node-adapter/FileTokenStore"
import type { Settings } from "../settings/settings.js"

export const tokenStoreOf = ({ tokenStore }: Pick<Settings, "tokenStore">): TokenStore.TokenStore =>
  FileTokenStore.make({ directory: tokenStore.value })
