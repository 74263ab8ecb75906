/**
 * Runs before each test file. Chai compares the items of two iterables before their keys, and the
 * only item of an Option or an Either is the Option or the Either itself. Without this file, Chai
 * considers a Some equal to a None.
 */
import { chai } from "vitest"

const tagOf = (value) =>
  typeof value === "object" && value !== null && "_tag" in value ? value._tag : undefined

const { eql } = chai.util

chai.config.deepEqual = (left, right) =>
  eql(left, right, { comparator: (a, b) => (tagOf(a) === tagOf(b) ? null : false) })
