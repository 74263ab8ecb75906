/** Compares the list of rows with the sandbox's list of faults. */
import { assert, describe, it } from "@effect/vitest"
import type * as Fault from "@innerspace-metrics/sandbox/Fault"
import { rows } from "../../dist/matrix/rows.js"

describe("a fault", () => {
  it("each kind of fault of the sandbox is in the matrix", () => {
    // Each tag has an entry: a new tag does not compile until it is listed here.
    const known: { readonly [Tag in Fault.FaultEffect["_tag"]]: true } = {
      Answer: true,
      CloseConnection: true,
      ColumnGone: true,
      Compressed: true,
      CutBody: true,
      Delay: true,
      DuplicateKeys: true,
      EmptyBody: true,
      ExpireTokens: true,
      GraphqlError: true,
      HugeBody: true,
      Html: true,
      InvalidJwt: true,
      InvalidUtf8: true,
      MalformedJson: true,
      NestedJson: true,
      Override: true,
      PartialData: true,
      RateLimited: true,
      Redirect: true,
      Refused: true,
      RefuseConnections: true,
      Reset: true,
      Restate: true,
      SlowBody: true,
      StallBody: true,
      Unauthorized: true,
      Unavailable: true,
      WithoutCors: true
    }
    const tested = new Set(rows.map(({ fault }) => fault.effect._tag))
    assert.deepStrictEqual([...tested].sort(), Object.keys(known).sort())
  })
})
