/**
 * Uses the same cases for every mutant, so that a run can be repeated. There are few cases, because
 * there are many mutants.
 */
import * as FastCheck from "effect/FastCheck"

FastCheck.configureGlobal({ seed: 20_240_101, numRuns: 15 })
