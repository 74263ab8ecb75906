import type { Adapter, AdapterPayload } from "oidc-provider"
import type { SandboxClock } from "../SandboxClock.js"

/** The storage of the OpenID provider: sessions, grants, codes and refresh tokens. */
export interface ProviderStore {
  readonly adapter: (model: string) => Adapter
  readonly endSession: (id: string) => void
  /**
   * Ends the sessions of one account or of all accounts. Also removes everything that could give
   * new tokens without a password.
   */
  readonly signOut: (accountId: string | undefined) => void
}

/**
 * The maximum number of entries. A sign-in creates about six entries. Expired entries are kept
 * until the maximum is reached, because the clock can be set back.
 */
const most = 20_000

/**
 * A store in memory that follows the sandbox's clock. The provider reads the system's clock, so
 * each instant is shifted when it is stored, and shifted back when it is read. Codes, sessions and
 * refresh tokens therefore expire by the sandbox's clock.
 */
export const make = (clock: SandboxClock): ProviderStore => {
  const entries = new Map<string, AdapterPayload>()
  const entriesOf = (model: string) =>
    [...entries].filter(([key]) => key.startsWith(`${model}:`)).map(([, payload]) => payload)
  const seconds = () => Math.floor(clock.offset() / 1000)
  // The provider expects its store to drop expired entries.
  const out = (payload: AdapterPayload | undefined, isKept = false) =>
    Promise.resolve(
      payload === undefined || (!isKept && Number(payload.exp) <= Math.floor(clock.now() / 1000))
        ? undefined
        : moved(payload, -seconds())
    )

  const makeRoom = (): void => {
    const now = Math.floor(clock.now() / 1000)
    for (const [key, payload] of entries) if (Number(payload.exp) <= now) entries.delete(key)
    for (const key of entries.keys()) {
      if (entries.size <= most) break
      entries.delete(key)
    }
  }

  const adapter = (model: string): Adapter => {
    const keyOf = (id: string) => `${model}:${id}`
    // Expired device codes are kept, because the response to the device and to the person says that
    // the code has expired.
    const isKept = model === "DeviceCode"
    return {
      upsert: async (id, payload) => {
        // When an entry is stored again, it becomes the newest entry.
        entries.delete(keyOf(id))
        entries.set(keyOf(id), moved(payload, seconds()))
        if (entries.size > most) makeRoom()
      },
      find: (id) => out(entries.get(keyOf(id)), isKept),
      findByUid: (uid) => out(entriesOf(model).find((payload) => payload.uid === uid)),
      findByUserCode: (code) =>
        out(
          entriesOf(model).find((payload) => payload.userCode === code),
          isKept
        ),
      consume: async (id) => {
        const payload = entries.get(keyOf(id))
        if (payload !== undefined) {
          entries.set(keyOf(id), { ...payload, consumed: Math.floor(clock.now() / 1000) })
        }
      },
      destroy: async (id) => {
        entries.delete(keyOf(id))
      },
      revokeByGrantId: async (grantId) => {
        for (const [key, payload] of entries) if (payload.grantId === grantId) entries.delete(key)
      }
    }
  }

  return {
    adapter,
    endSession: (id) => {
      entries.delete(`Session:${id}`)
    },
    signOut: (accountId) => {
      for (const [key, payload] of entries) {
        if (payload.accountId === undefined) continue
        if (accountId === undefined || payload.accountId === accountId) entries.delete(key)
      }
    }
  }
}

/** The properties with an instant, in seconds since the epoch. */
const instants = ["iat", "iiat", "exp", "loginTs", "authTime", "consumed"] as const

const moved = (payload: AdapterPayload, seconds: number): AdapterPayload => ({
  ...payload,
  ...Object.fromEntries(
    instants.flatMap((name) => {
      const value = payload[name]
      return typeof value === "number" ? [[name, value + seconds]] : []
    })
  )
})
