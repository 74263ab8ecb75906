/**
 * Runs before each test file, and corrects Chai's comparison of an Option or an Either. Both are
 * iterables whose only item is the Option or the Either itself. Chai compares the items of
 * iterables before the keys, so it would consider a Some equal to a None.
 */
import { chai } from "vitest"

const tagOf = (value) =>
  typeof value === "object" && value !== null && "_tag" in value ? value._tag : undefined

const { eql } = chai.util

chai.config.deepEqual = (left, right) =>
  eql(left, right, { comparator: (a, b) => (tagOf(a) === tagOf(b) ? null : false) })
