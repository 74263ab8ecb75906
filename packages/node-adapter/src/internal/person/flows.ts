/** The sign-ins of a native application. */
import type * as Api from "@innerspace-metrics/core/Api"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import { isFunction } from "effect/Predicate"
import type * as Scope from "effect/Scope"
import type { BrowserOptions, DeviceCodeOptions } from "../../NodeTokenProvider.js"
import * as Browser from "./browser.js"
import * as Device from "./deviceCode.js"
import { openBrowser } from "./openBrowser.js"
import * as PersonOptions from "./options.js"
import * as Person from "./signIn.js"

type SigningIn = Effect.Effect<Person.PersonTokenProvider, ConfigurationError, Scope.Scope>

export const withDeviceCode = (options: DeviceCodeOptions, choice: Api.Choice): SigningIn =>
  Person.make(options, deviceCodeKinds, choice, (client) => Device.signIn(client, options.onCode))

export const inBrowser = (options: BrowserOptions, choice: Api.Choice): SigningIn =>
  Person.make(options, browserKinds, choice, (client) =>
    Browser.signIn(client, {
      open: options.open ?? openBrowser,
      redirectPort: options.redirectPort ?? 0,
      limit: Duration.decode(options.signInTimeout ?? "5 minutes")
    })
  )

const deviceCodeKinds: LayerOptions.Kinds = {
  ...PersonOptions.signInKinds,
  onCode: [isFunction, "a function that shows the code", {}]
}

const browserKinds: LayerOptions.Kinds = {
  ...PersonOptions.signInKinds,
  "open?": [isFunction, "a function that opens the page", {}],
  "redirectPort?": [
    (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 65_536,
    "a port, from 0 to 65535"
  ],
  "signInTimeout?": [LayerOptions.isDurationAboveZero, "a duration above 0"]
}
