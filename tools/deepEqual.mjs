/**
 * Runs before each test file. Chai compares the items of two iterables before their keys, and the
 * only item of an Option or an Either is itself. Without this, Chai considers an Option with a
 * value equal to one without.
 */
import { chai } from "vitest"

const tagOf = (value) =>
  typeof value === "object" && value !== null && "_tag" in value ? value._tag : undefined

const { eql } = chai.util

chai.config.deepEqual = (left, right) =>
  eql(left, right, { comparator: (a, b) => (tagOf(a) === tagOf(b) ? null : false) })
