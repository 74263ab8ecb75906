export interface LikelyCause {
  /** Text that is appended to the problem. */
  readonly problem: string
  readonly hint: string
}

/**
 * The likely reason why `fetch` got no response. Browsers hide the real reason from scripts on
 * purpose (Fetch, "network error"), so this function guesses the reason from what a script can see.
 */
export const likelyCause = (url: string): LikelyCause => {
  const here = globalThis.location
  const there = new URL(url)
  if (globalThis.navigator?.onLine === false) {
    return {
      problem: ": the browser is offline",
      hint: "Calls continue when the network is back"
    }
  }
  // Here only a loopback URL can have http. `Api.graphqlUrl` has rejected http for other hosts.
  if (here?.protocol === "https:" && there.protocol === "http:") {
    return {
      problem: `: the page was loaded over https but requests ${there.origin} over http`,
      hint: `Some browsers block this as mixed content, even to this machine. Others require that the API allows ${here.origin} (CORS). Use an https base URL, or a path of the page's own origin`
    }
  }
  if (here !== undefined && here.origin !== there.origin) {
    return {
      problem: `, which is not the page's own origin ${here.origin}`,
      hint: `The browser's console shows the reason. Usually the API does not allow ${here.origin} (CORS): ask its operator to allow it, or proxy the API under the page's own origin. Also check the content security policy (connect-src), content blockers and the network`
    }
  }
  return {
    problem: "",
    hint: "The browser's console shows the reason: a content security policy (connect-src), a content blocker, or the network"
  }
}
