import type { Configuration, KoaContextWithOIDC } from "oidc-provider"
import * as Pages from "./Pages.js"

type DeviceFlow = NonNullable<NonNullable<Configuration["features"]>["deviceFlow"]>

const show = (context: KoaContextWithOIDC, status: number, title: string, content: string) => {
  context.status = status
  context.type = "html"
  context.body = Pages.page(title, `<h1>${Pages.escape(title)}</h1>\n${content}`)
}

/**
 * The pages on which a person enters the code of a device (RFC 8628, section 3.3), confirms the
 * code, and is sent back to the device. The provider makes the forms.
 */
export const deviceFlow: DeviceFlow = {
  enabled: true,
  userCodeInputSource: async (context, form, _output, error) => {
    const problem = problemOf(error)
    if (problem?.isOver === true) return show(context, 200, problem.title, problem.text)
    show(
      context,
      problem === undefined ? 200 : 400,
      "Connect a device",
      `${problem?.text ?? "<p>Enter the code that the device shows.</p>"}
${form.replace(/<input\s+(?=[^>]*type="text")/, '<label for="user_code">Code</label>\n<input id="user_code" ')}
<button type="submit" form="op.deviceInputForm">Continue</button>`
    )
  },
  userCodeConfirmSource: async (context, form, client, _device, code) =>
    show(
      context,
      200,
      "Confirm the code",
      `<p>The device of the app <code>${Pages.escape(client.clientId)}</code> must show this code:</p>
<p><code id="code">${Pages.escape(code)}</code></p>
${form}
<button type="submit" form="op.deviceConfirmForm">Confirm</button>
<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">Cancel</button>`
    ),
  successSource: async (context) =>
    show(
      context,
      200,
      "The device is connected",
      "<p>You can close this page and go back to the device.</p>"
    )
}

/** The text for an error of the provider. The provider's errors have no codes, only names. */
const problemOf = (
  error: Error | undefined
): { readonly isOver: boolean; readonly title: string; readonly text: string } | undefined => {
  const alert = (text: string) => `<p role="alert">${text}</p>`
  switch (error?.name) {
    case undefined:
      return undefined
    case "AbortedError":
      return {
        isOver: true,
        title: "The device was not connected",
        text: "<p>You can close this page.</p>"
      }
    case "ExpiredError":
      return { isOver: false, title: "", text: alert("The code has expired. Start again.") }
    case "AlreadyUsedError":
      return { isOver: false, title: "", text: alert("The code has already been used.") }
    default:
      return { isOver: false, title: "", text: alert("The code is wrong. Enter it again.") }
  }
}
