/** Tests whether the soak finds the reason of each token request. Times are in milliseconds. */
import { assert, describe, it } from "@effect/vitest"
import { account } from "../dist/soak/tokens.js"

const answered = (at: number) => ({ at, status: 200 })
const given = (usedAt: number) => ({ obtainedAt: usedAt, usedAt })
const failed = (at: number) => ({ at, status: 503, fault: "Unavailable" })

/** The number of requests that were not needed. */
const needless = (...parameters: Parameters<typeof account>) => {
  const { minimum, requests } = account(...parameters)
  return requests - minimum
}

describe("a token request", () => {
  it("a token request is needed first, when the last token is old, after a refusal and after a failure", () => {
    const used = [given(10), { ...given(4_020), refusedAt: 5_000 }, given(5_020)]
    const requests = [answered(0), answered(4_010), failed(5_001), answered(5_010)]
    assert.deepStrictEqual(account(requests, used), {
      requests: 4,
      minimum: 4,
      renewals: 1,
      afterRefusal: 1,
      afterFailure: 1
    })
  })

  it("a token request is needed when the last token expired before any call got it", () => {
    const requests = [answered(0), answered(4_100), answered(12_000)]
    assert.strictEqual(needless(requests, [given(10), given(12_010)]), 0)
  })

  it("if a token is refused during its renewal, both the request in flight and the next one are needed", () => {
    const used = [{ ...given(10), refusedAt: 4_020 }, given(4_040)]
    assert.strictEqual(needless([answered(0), answered(4_025), answered(4_030)], used), 0)
  })

  it("a token request is not needed while the last token is new, nor twice for one refusal", () => {
    assert.strictEqual(needless([answered(0), answered(3_900)], [given(10)]), 1)
    const refused = [{ ...given(10), refusedAt: 100 }]
    assert.strictEqual(needless([answered(0), answered(101), answered(102)], refused), 1)
  })

  it("a token request without a response explains the next request", () => {
    assert.strictEqual(needless([{ at: 0, status: null }, answered(10_000)], []), 0)
  })
})
