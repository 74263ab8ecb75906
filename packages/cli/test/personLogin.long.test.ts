/**
 * Tests the sign-in of people to the command line, at the sandbox's provider. The sign-in with a
 * device code waits before it asks the provider again.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { watch } from "node:fs/promises"
import { join } from "node:path"
import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { enterCode, signInAt } from "../../node-adapter/test/support/person.js"
import { shellOf } from "./support/command.js"
import { bin, printed, start } from "./support/process.js"

const question =
  "query BUILDING_INSIGHTS --where BUILDING_ID=72 --select OCCUPANCY_MEAN --granularity P1D --range 2024-03-05 --json"

/** The settings for the sign-in of a person, in a new home folder. */
const ofPerson = (login: "device" | "browser") =>
  Effect.gen(function* () {
    const { signIn, urls } = yield* Sandbox.Sandbox
    const shell = yield* shellOf("v2")
    const env: { readonly [name: string]: string } = {
      HOME: shell.home,
      INNERSPACE_BASE_URL: urls.v2,
      INNERSPACE_DEPRECATION_WARNING: "false"
    }
    const line = `login --login ${login} --issuer ${urls.login} --client-id ${signIn.nativeClientId} --audience ${signIn.audience} --api v2`
    const run = (args: string) => {
      const { child, ended } = start(process.execPath, [bin, ...args.split(" ")], env, shell.home)
      child.stdin?.end()
      return ended
    }
    return { ...shell, env, line, people: signIn.people, run }
  })

layer(Sandbox.layer(), { timeout: "2 minutes" })("a person's login", (it) => {
  it.scoped(
    "with a device code is kept for later commands, and ends with logout",
    () =>
      Effect.gen(function* () {
        const { env, home, line, people, run } = yield* ofPerson("device")
        const login = start(process.execPath, [bin, ...line.split(" ")], env, home)
        login.child.stdin?.end()
        yield* printed(login.child, "can be used for")
        const told = login.seen()
        const [, verificationUri = "", userCode = ""] =
          /Open (\S+) on any device and enter the code (\S+),/.exec(told) ?? []
        yield* enterCode({ verificationUri, userCode }, people.tenant)
        const done = yield* login.ended
        assert.strictEqual(done.code, 0, done.stderr)
        assert.notInclude(done.stdout, userCode)

        const config = readFileSync(join(home, ".config/innerspace-metrics/config.toml"), "utf8")
        assert.include(config, 'login = "device"')
        assert.notMatch(config, /eyJ/)

        // Later commands need only the variables with the address of the sandbox, and no second
        // sign-in.
        const who = JSON.parse((yield* run("whoami --json")).stdout)
        assert.strictEqual(who.data.subject, people.tenant.subject)
        const rows = yield* run(question)
        assert.strictEqual(rows.code, 0, rows.stdout)

        assert.isTrue(JSON.parse((yield* run("logout --json")).stdout).data.removed)
        const nobody = yield* run("whoami")
        assert.strictEqual(nobody.code, 4)
        assert.include(nobody.stderr, "innerspace login --login device")
        const refused = yield* run(question)
        assert.strictEqual(refused.code, 4, refused.stdout)
      }),
    120_000
  )

  it.scoped(
    "in the browser comes back to this machine",
    () =>
      Effect.gen(function* () {
        const { env, home, line, people, run } = yield* ofPerson("browser")
        // This command replaces the system's browser, and writes the address to a file.
        const opened = join(home, "opened")
        mkdirSync(join(home, "bin"))
        const command = join(home, "bin/xdg-open")
        writeFileSync(
          command,
          `#!/bin/sh\nprintf %s "$1" > '${opened}.part'\nmv '${opened}.part' '${opened}'\n`
        )
        chmodSync(command, 0o755)
        const withBrowser = {
          ...env,
          DISPLAY: ":0",
          PATH: `${join(home, "bin")}:${process.env["PATH"]}`
        }
        const login = start(process.execPath, [bin, ...line.split(" ")], withBrowser, home)
        login.child.stdin?.end()
        yield* Effect.promise(async () => {
          for await (const _event of watch(home)) if (existsSync(opened)) return
        })
        const page = yield* Effect.promise(() =>
          signInAt(readFileSync(opened, "utf8"), people.manager)
        )
        assert.include(page.url, "http://127.0.0.1:")
        const done = yield* login.ended
        assert.strictEqual(done.code, 0, done.stderr)
        const who = JSON.parse((yield* run("whoami --json")).stdout)
        assert.strictEqual(who.data.subject, people.manager.subject)
      }),
    120_000
  )

  it.scoped("a person's login without a browser recommends the device code", () =>
    Effect.gen(function* () {
      const { line, run } = yield* ofPerson("browser")
      const done = yield* run(line)
      assert.strictEqual(done.code, 4, done.stderr)
      assert.include(done.stderr, "innerspace login --login device")
    })
  )

  it.scoped("a person's login needs the address of the identity provider", () =>
    Effect.gen(function* () {
      const { run } = yield* ofPerson("device")
      const done = yield* run("login --login device --client-id x")
      assert.strictEqual(done.code, 2)
      assert.include(done.stderr, "--issuer")
    })
  )
})
