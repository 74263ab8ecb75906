/** Property tests try few cases in `npm test`. In `npm run test:all`, each test sets the number. */
import * as FastCheck from "effect/FastCheck"

if (process.env["TEST_ALL"] === undefined) FastCheck.configureGlobal({ numRuns: 10 })
