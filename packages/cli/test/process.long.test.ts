import { execFileSync } from "node:child_process"
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { stripVTControlCharacters } from "node:util"
import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { certificate } from "../../node-adapter/test/support/servers/selfSigned.js"
import { listenTls } from "../../node-adapter/test/support/servers/tlsServer.js"
import { shellOf } from "./support/command.js"
import { bin, onTerminal, printed, start } from "./support/process.js"

const hours =
  "building_metrics --where building_id=71 --metric occupancy_mean --granularity PT1H --range 2024-03 --zone America/Chicago"

/**
 * Whether the command `script` of util-linux exists. Other systems have another `script` or none.
 */
const hasScript = process.platform === "linux" && existsSync("/usr/bin/script")

layer(Sandbox.layer(), { timeout: "2 minutes" })("innerspace as a process", (it) => {
  it.scoped("help, the version and usage errors need one file and no package", () =>
    Effect.gen(function* () {
      const { home } = yield* shellOf()
      const manifest = fileURLToPath(new URL("../package.json", import.meta.url))
      mkdirSync(join(home, "dist"))
      copyFileSync(bin, join(home, "dist/bin.cjs"))
      copyFileSync(manifest, join(home, "package.json"))
      const run = (file: string, line: string) => {
        const { child, ended } = start(process.execPath, [file, ...line.split(" ")], {}, home)
        child.stdin?.end()
        return ended
      }
      const whole = fileURLToPath(new URL("../dist/bin.js", import.meta.url))
      for (const line of ["--help", "query --help", "--version", "query --selct", "qury"]) {
        const alone = yield* run(join(home, "dist/bin.cjs"), line)
        assert.deepStrictEqual(alone, yield* run(whole, line), line)
        assert.strictEqual(alone.code, /selct|qury/.test(line) ? 2 : 0, alone.stderr)
      }
    })
  )

  it.scoped("a reader that closes the pipe ends it quietly", () =>
    Effect.gen(function* () {
      const { env, home } = yield* shellOf()
      const quarters = hours.replace("PT1H", "PT15M").replace("2024-03", "2024")
      const { child, ended } = start(
        "sh",
        [
          "-c",
          `'${process.execPath}' '${bin}' query ${quarters} | head -n 2; echo "\${PIPESTATUS:-}" >&2`
        ],
        env,
        home
      )
      child.stdin?.end()
      const { stderr, stdout } = yield* ended
      assert.strictEqual(stdout.trimEnd().split("\n").length, 2)
      assert.strictEqual(stderr.trim(), "")
    })
  )

  it.scoped("Ctrl-C ends with exit code 130, says how to continue, and leaves no file", () =>
    Effect.gen(function* () {
      const { env, home } = yield* shellOf()
      const { control } = yield* Sandbox.Sandbox
      yield* control.inject(Fault.delay({ duration: "1 minute", times: "always" }))
      const line = `export ${hours.replace(" ", " march.csv ")}`
      const { child, ended } = start(process.execPath, [bin, ...line.split(" ")], env, home)
      const before = (yield* control.requests).length
      yield* control.awaitRequests(before + 2)
      child.kill("SIGINT")
      const { code, stderr, stdout } = yield* ended.pipe(Effect.ensuring(control.clearFaults))
      assert.strictEqual(code, 130)
      assert.strictEqual(stdout, "")
      assert.include(stderr, "Run the same command again")
      assert.isFalse(existsSync(join(home, "march.csv")))
    })
  )

  it.scoped("on a terminal: a table in color within its width, and a bar that is removed", () =>
    Effect.gen(function* () {
      if (!hasScript) return console.warn("skipped: there is no script of util-linux")
      const { env, home } = yield* shellOf()
      const { child, ended } = onTerminal(
        `query ${hours.replace("2024-03", "2024-03-05")}`,
        50,
        env,
        home
      )
      child.stdin?.end()
      const { code, stdout } = yield* ended
      assert.strictEqual(code, 0, stdout)
      assert.include(stdout, "\u001b[1mdate_time_start")
      assert.include(stdout, "\r\u001b[K")
      const rows = stripVTControlCharacters(stdout.split("\r\u001b[K").at(-1) ?? "")
      for (const row of rows.split("\r\n")) assert.isAtMost([...row].length, 50, row)
    })
  )

  it.scoped("on a terminal: Ctrl-C in a first sync says how to continue, and it continues", () =>
    Effect.gen(function* () {
      if (!hasScript) return console.warn("skipped: there is no script of util-linux")
      const { env, home, run } = yield* shellOf()
      const { control } = yield* Sandbox.Sandbox
      yield* control.inject(Fault.delay({ duration: "1 minute", target: "graphql", ordinals: [4] }))
      const before = (yield* control.requests).length
      const year = new Date(Date.now() - 240 * 86_400_000).toISOString().slice(0, 10)
      const { child, ended } = onTerminal(
        `sync months -t building_metrics -b 71 -g P1M --metric occupancy_mean --from ${year} --zone America/Chicago --concurrency 1`,
        60,
        env,
        home
      )
      yield* control.awaitRequests(before + 5)
      child.stdin?.write("\u0003")
      const { stdout } = yield* ended.pipe(Effect.ensuring(control.clearFaults))
      assert.include(stdout, "months: interrupted.")
      assert.include(stdout, "To continue: innerspace sync months")
      assert.isTrue(existsSync(join(home, "months.toml")))
      const { code, stdout: report } = yield* run("sync months")
      assert.strictEqual(code, 0)
      assert.include(report, "months: ")
    })
  )

  it.scoped("the certificate of the server is trusted, or doctor says how to trust it", () =>
    Effect.gen(function* () {
      const { env, home } = yield* shellOf()
      const { port } = yield* listenTls()
      const authority = join(home, "authority.pem")
      writeFileSync(authority, certificate)
      const checked = (more: { readonly [name: string]: string }) => {
        const args = [bin, "doctor", "--only", "network.tls"]
        const { child, ended } = start(
          process.execPath,
          args,
          { ...env, INNERSPACE_BASE_URL: `https://localhost:${port}`, ...more },
          home
        )
        child.stdin?.end()
        return ended
      }
      const trusted = yield* checked({ NODE_EXTRA_CA_CERTS: authority })
      assert.match(
        trusted.stdout,
        /^ok +network\.tls {2}TLSv1\.3, issued by localhost, valid until /
      )
      assert.strictEqual(trusted.code, 0)
      const untrusted = yield* checked({})
      assert.match(untrusted.stdout, /^differs +network\.tls .*SELF_SIGNED/)
      assert.include(untrusted.stdout, "NODE_EXTRA_CA_CERTS")
      assert.strictEqual(untrusted.code, 3)
    })
  )

  it.scoped("on a terminal: login asks for the secret and does not show it", () =>
    Effect.gen(function* () {
      if (!hasScript) return console.warn("skipped: there is no script of util-linux")
      const { env, home } = yield* shellOf()
      const { INNERSPACE_CLIENT_SECRET: secret = "", ...others } = env
      const { child, ended } = onTerminal("login", 80, others, home)
      yield* printed(child, "Client secret: ")
      child.stdin?.write(`${secret}\r`)
      const { code, stdout } = yield* ended
      assert.strictEqual(code, 0, stdout)
      assert.notInclude(stdout, secret)
      assert.include(stdout, "sandbox-client")
    })
  )

  it.scoped("each shell that is installed loads its script and completes with it", () =>
    Effect.gen(function* () {
      const { home } = yield* shellOf()
      const shim = join(home, "innerspace")
      writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`)
      chmodSync(shim, 0o755)
      const shells = [
        ["bash", "/bin/bash"],
        ["zsh", "/usr/bin/zsh"],
        ["fish", "/usr/bin/fish"]
      ] as const
      for (const [shell, path] of shells) {
        const script = fileURLToPath(new URL(`support/complete.${shell}`, import.meta.url))
        if (!existsSync(path)) {
          console.warn(`skipped: ${shell} is not installed`)
          continue
        }
        const printed = execFileSync(path, [script], {
          encoding: "utf8",
          env: { HOME: home, PATH: `${home}:${process.env["PATH"]}` }
        })
        assert.include(printed, "building_metrics", shell)
        assert.notInclude(printed, "zone_metrics", shell)
      }
    })
  )
})
