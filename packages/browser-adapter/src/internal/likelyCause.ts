export interface LikelyCause {
  /** Appended to the problem. */
  readonly problem: string
  readonly hint: string
}

/**
 * Why `fetch` got no answer. The browser tells scripts no reason, on purpose (Fetch, "network
 * error"), so this goes by what a script can see.
 */
export const likelyCause = (url: string): LikelyCause => {
  const here = globalThis.location
  const there = new URL(url)
  if (globalThis.navigator?.onLine === false) {
    return {
      problem: ": the browser is offline",
      hint: "Calls go on by themselves when the network is back"
    }
  }
  // To another machine than this one, http is refused before anything is sent (`Api.graphqlUrl`).
  if (here?.protocol === "https:" && there.protocol === "http:") {
    return {
      problem: `: the page came by https and asks for ${there.origin} by http`,
      hint: `Some browsers block this as mixed content, even to this machine; others ask whether the API allows ${here.origin} (CORS). Give the API an https base URL, or a path of the page's own origin`
    }
  }
  if (here !== undefined && here.origin !== there.origin) {
    return {
      problem: `, which is not the page's own origin ${here.origin}`,
      hint: `The browser's console has the reason. Most often the API does not allow ${here.origin} (CORS): have it added, or serve the API under the page's own origin by a proxy. Else a content security policy (connect-src), a content blocker or the network is in the way`
    }
  }
  return {
    problem: "",
    hint: "The browser's console has the reason: a content security policy (connect-src), a content blocker, or the network"
  }
}
