/** Properties try fewer cases in `npm test`; `npm run test:all` tries as many as they ask for. */
import * as FastCheck from "effect/FastCheck"

if (process.env["TEST_ALL"] === undefined) FastCheck.configureGlobal({ numRuns: 10 })
