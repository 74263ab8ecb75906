/**
 * Collects the secrets of a visit, and searches every place in which a page could leave a secret.
 */
import { assert } from "@effect/vitest"
import type { BrowserContext, Frame, Page, Request } from "playwright-core"

export interface Secrets {
  /**
   * Returns the secrets of a kind that were found so far, in the order in which they were found.
   */
  readonly of: (kind: Kind) => ReadonlyArray<string>
  /** Fails if a text contains a secret. */
  readonly assertNotIn: (text: string, where: string) => void
  /** Fails if any place of a page of the visit contains a secret. */
  readonly assertNowhere: () => Promise<void>
}

export const kinds = ["access_token", "refresh_token", "id_token", "code", "code_verifier"] as const

type Kind = (typeof kinds)[number]

/** Matches the passwords and every JWT. A JWT starts with two JSON objects in base64url. */
const looksSecret = /eyJ[\w-]+\.eyJ|see-everything|see-building-72/

/** Starts to collect secrets. `login` is the origin of the sign-in. */
export const collect = async (context: BrowserContext, login: string): Promise<Secrets> => {
  const found = new Map<Kind, Set<string>>(kinds.map((kind) => [kind, new Set()]))
  const note = (fields: Readonly<Record<string, unknown>>) => {
    for (const kind of kinds) {
      const value = fields[kind]
      if (typeof value === "string") found.get(kind)?.add(value)
    }
  }
  context.on("request", (request) => {
    const bearer = /^Bearer (.+)$/.exec(request.headers()["authorization"] ?? "")?.[1]
    if (bearer !== undefined) note({ access_token: bearer })
    if (request.url() === `${login}/oauth/token`) note(fieldsOf(request))
  })
  const reading: Array<Promise<void>> = []
  context.on("response", (response) => {
    if (response.url() !== `${login}/oauth/token`) return
    // The page may be closed before its response has been read.
    reading.push(response.json().then(note, () => undefined))
  })
  await context.addInitScript(recordWrites)

  const assertNotIn: Secrets["assertNotIn"] = (text, where) => {
    assert.notMatch(text, looksSecret, where)
    for (const [kind, values] of found)
      for (const value of values) assert.notInclude(text, value, `${kind} in ${where}`)
  }
  return {
    of: (kind) => [...(found.get(kind) ?? [])],
    assertNotIn,
    assertNowhere: async () => {
      await Promise.all(reading)
      for (const page of context.pages()) {
        for (const frame of page.frames()) {
          const content = await contentOf(frame)
          if (content === undefined) continue
          assertNotIn(content, "a document")
          // Only the frame of a silent sign-in may have a state in its URL. This frame shows a page
          // of the provider.
          if (!frame.url().startsWith(login)) assert.notMatch(frame.url(), /[?&#](?:code|state)=/)
          assertNotIn(frame.url(), "an address")
        }
        for (const [where, text] of Object.entries(await placesOf(page))) assertNotIn(text, where)
      }
    }
  }
}

/**
 * The document of a frame, or undefined if the frame of a silent sign-in was removed meanwhile. If
 * the frame is loading another document, that document is returned.
 */
const contentOf = (frame: Frame): Promise<string | undefined> =>
  frame.content().catch(async (error) => {
    if (frame.isDetached()) return undefined
    if (!String(error).includes("is navigating")) throw error
    await frame.waitForLoadState().catch((failure) => {
      if (!frame.isDetached()) throw failure
    })
    return contentOf(frame)
  })

/** The fields of a token request, which auth0-spa-js sends as a form or as JSON. */
const fieldsOf = (request: Request): Readonly<Record<string, unknown>> => {
  const body = request.postData() ?? ""
  return body.startsWith("{") ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body))
}

declare global {
  /** Everything that scripts of the page wrote to shared places, even if it was removed since. */
  var written: { readonly storage: Array<string>; readonly channels: Array<string> }
}

/** Runs in every document, before its scripts. */
const recordWrites = () => {
  globalThis.written = { storage: [], channels: [] }
  const { setItem } = Storage.prototype
  Storage.prototype.setItem = function (key, value) {
    // Under this key, Auth0's client stores the code verifier, which it needs after the redirect.
    if (!key.startsWith("a0.spajs.txs")) globalThis.written.storage.push(`${key} ${value}`)
    setItem.call(this, key, value)
  }
  const { postMessage } = BroadcastChannel.prototype
  BroadcastChannel.prototype.postMessage = function (message) {
    // Tabs share tokens over their own channel; see SECURITY.md.
    if (!this.name.startsWith("@innerspace-metrics "))
      globalThis.written.channels.push(JSON.stringify([this.name, message]))
    postMessage.call(this, message)
  }
}

/** Everything that a script of the page's origin can read. */
const placesOf = (page: Page): Promise<Readonly<Record<string, string>>> =>
  page.evaluate(async () => {
    const read = <A>(request: IDBRequest<A>): Promise<A> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const databases = await Promise.all(
      (await indexedDB.databases()).map(async ({ name = "" }) => {
        const database = await read(indexedDB.open(name))
        const stores = [...database.objectStoreNames]
        const rows = await Promise.all(
          stores.map((store) => read(database.transaction(store).objectStore(store).getAll()))
        )
        database.close()
        return [name, stores, rows]
      })
    )
    const caches = "caches" in globalThis ? await globalThis.caches.keys() : []
    return {
      localStorage: JSON.stringify(localStorage),
      sessionStorage: JSON.stringify(sessionStorage),
      "removed storage entries": globalThis.written.storage.join("\n"),
      "messages to other tabs": globalThis.written.channels.join("\n"),
      IndexedDB: JSON.stringify(databases),
      caches: caches.join("\n"),
      cookies: document.cookie,
      "history state": JSON.stringify(history.state),
      "the window's name": window.name,
      referrer: document.referrer,
      "performance entries": performance
        .getEntries()
        // The entry of the type `navigation` keeps the address from which the document was loaded.
        // The authorization code in this address has been used, and was valid only in this tab.
        .filter(({ entryType }) => entryType !== "navigation")
        .map((entry) => JSON.stringify(entry))
        .join("\n"),
      "global variables": Object.entries(globalThis)
        .map(([name, value]) => (typeof value === "string" ? `${name} ${value}` : name))
        .join("\n"),
      "attributes and values": [...document.querySelectorAll("input, textarea, select")]
        .map((field) => ("value" in field ? String(field.value) : ""))
        .join("\n")
    }
  })
