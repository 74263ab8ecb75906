/**
 * Runs the tests of the commands against one sandbox. To run the tests of one command: npx vitest
 * run test/commands.test.ts -t "innerspace doctor"
 */
import { layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import { dataset } from "./suites/dataset.js"
import { doctor } from "./suites/doctor.js"
import { login } from "./suites/login.js"
import { look } from "./suites/look.js"
import { query } from "./suites/query.js"

layer(Sandbox.layer(), { timeout: "2 minutes" })((it) => {
  for (const suite of [login, look, query, dataset, doctor]) suite(it)
})
