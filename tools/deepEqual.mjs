/**
 * Runs before each test file. Chai compares what two iterable values give before it says that they
 * have different keys, and an Option, like an Either, gives itself: so for Chai one with a value
 * equals one without.
 */
import { chai } from "vitest"

const tagOf = (value) =>
  typeof value === "object" && value !== null && "_tag" in value ? value._tag : undefined

const { eql } = chai.util

chai.config.deepEqual = (left, right) =>
  eql(left, right, { comparator: (a, b) => (tagOf(a) === tagOf(b) ? null : false) })
