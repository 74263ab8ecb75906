/** Whether the soak finds the reason of each token request. Times in milliseconds. */
import { assert, describe, it } from "@effect/vitest"
import { account } from "../dist/soak/tokens.js"

const answered = (at: number) => ({ at, status: 200 })
const failed = (at: number) => ({ at, status: 503, fault: "Unavailable" })

/** How many were asked for without need. */
const needless = (...parameters: Parameters<typeof account>) => {
  const { minimum, requests } = account(...parameters)
  return requests - minimum
}

describe("a token request", () => {
  it("is needed first, when the last token is old, after a refusal and after a failure", () => {
    const used = [{ usedAt: 10 }, { usedAt: 4_010, refusedAt: 5_000 }, { usedAt: 5_020 }]
    const requests = [answered(0), answered(4_000), failed(5_001), answered(5_010)]
    assert.deepStrictEqual(account(requests, used), {
      requests: 4,
      minimum: 4,
      renewals: 1,
      afterRefusal: 1,
      afterFailure: 1
    })
  })

  it("is needed when the last token expired before any call was given it", () => {
    const requests = [answered(0), answered(4_100), answered(12_000)]
    assert.strictEqual(needless(requests, [{ usedAt: 10 }, { usedAt: 12_010 }]), 0)
  })

  it("is not needed while the last token is new, nor twice for one refusal", () => {
    assert.strictEqual(needless([answered(0), answered(3_900)], [{ usedAt: 10 }]), 1)
    const refused = [{ usedAt: 10, refusedAt: 100 }]
    assert.strictEqual(needless([answered(0), answered(101), answered(102)], refused), 1)
  })

  it("without an answer explains the next one", () => {
    assert.strictEqual(needless([{ at: 0, status: null }, answered(10_000)], []), 0)
  })
})
