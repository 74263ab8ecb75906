import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { innerspace, shellOf } from "../support/command.js"
import type { Suite } from "../support/suite.js"

export const login: Suite = (it) =>
  describe("innerspace login", () => {
    it.scoped("login keeps the token and the profile, and never the secret", () =>
      Effect.gen(function* () {
        const { env, home, run } = yield* shellOf()
        const secret = env["INNERSPACE_CLIENT_SECRET"] ?? ""
        const noSecret = { env: { INNERSPACE_CLIENT_SECRET: "" } }
        const done = yield* run("login --secret-stdin --zone America/Chicago", {
          ...noSecret,
          stdin: `${secret}\n`
        })
        assert.strictEqual(done.code, 0, done.stderr)
        assert.notInclude(done.stdout + done.stderr, secret)
        const config = readFileSync(join(home, ".config/innerspace-metrics/config.toml"), "utf8")
        assert.notInclude(config, secret)
        assert.include(config, "[profiles.default]")
        assert.include(config, 'client_id = "sandbox-client"')
        assert.strictEqual(
          statSync(join(home, ".config/innerspace-metrics/config.toml")).mode & 0o077,
          0
        )
        // The next command uses the stored token, and the settings of the profile.
        const rows = yield* Effect.promise(() =>
          innerspace(
            "query building_metrics --where building_id=71 --metric occupancy_mean --granularity P1D --range 2024-03-05 --json",
            { env: {}, homeDirectory: home, workingDirectory: home, platform: "linux" }
          )
        )
        assert.strictEqual(rows.code, 0, rows.stdout)
        const who = yield* run("whoami --json", noSecret)
        const { data } = JSON.parse(who.stdout)
        assert.strictEqual(data.token, "kept")
        assert.isAbove(Date.parse(data.expiresAt), Date.now())
        const out = yield* run("logout --json", noSecret)
        assert.isTrue(JSON.parse(out.stdout).data.removed)
        const nobody = yield* run("whoami", noSecret)
        assert.strictEqual(nobody.code, 4)
        assert.include(nobody.stderr, "innerspace login")
      })
    )

    it.scoped("a wrong secret keeps nothing and ends with exit code 4", () =>
      Effect.gen(function* () {
        const { home, run } = yield* shellOf()
        const wrong = yield* run("login", { env: { INNERSPACE_CLIENT_SECRET: "wrong" } })
        assert.strictEqual(wrong.code, 4)
        assert.isFalse(existsSync(join(home, ".config/innerspace-metrics/config.toml")))
      })
    )

    it.scoped(
      "without a terminal there is no prompt, and the message says what to do instead",
      () =>
        Effect.gen(function* () {
          const { run } = yield* shellOf()
          const noSecret = yield* run("login", { env: { INNERSPACE_CLIENT_SECRET: "" } })
          assert.strictEqual(noSecret.code, 2)
          assert.include(noSecret.stderr, "--secret-stdin")
          assert.strictEqual(noSecret.stdout, "")
        })
    )

    it.scoped("writing a profile keeps the comments of the other profiles", () =>
      Effect.gen(function* () {
        const { home, run } = yield* shellOf()
        const path = join(home, ".config/innerspace-metrics/config.toml")
        mkdirSync(join(home, ".config/innerspace-metrics"), { recursive: true })
        const other =
          '# Mine.\n[profiles.work]\napi = "v2" # newer\n\n[profiles.default]\nzone = "UTC"\n\n[profiles.last]\napi = "v1.5"\n'
        writeFileSync(path, other)
        const done = yield* run("login")
        assert.strictEqual(done.code, 0, done.stderr)
        const text = readFileSync(path, "utf8")
        assert.include(text, '# Mine.\n[profiles.work]\napi = "v2" # newer')
        assert.include(text, 'zone = "UTC"')
        assert.include(text, '[profiles.last]\napi = "v1.5"')
      })
    )

    it.scoped(
      "an option wins over the environment, the environment over the profile, the profile over the default",
      () =>
        Effect.gen(function* () {
          const { home, run } = yield* shellOf()
          mkdirSync(join(home, ".config/innerspace-metrics"), { recursive: true })
          writeFileSync(
            join(home, ".config/innerspace-metrics/config.toml"),
            'profile = "work"\n[profiles.work]\napi = "v2"\n[profiles.old]\napi = "v1"\n'
          )
          const found = (line: string, api: string | undefined) =>
            Effect.map(
              run(`doctor --only settings ${line} --json`, { env: { INNERSPACE_API: api ?? "" } }),
              ({ stdout }) => {
                const lines: ReadonlyArray<{ id: string; found: string }> =
                  JSON.parse(stdout).data.lines
                return lines.find(({ id }) => id === "settings.api")?.found
              }
            )
          assert.strictEqual(yield* found("--api v1.5", "v1"), "v1.5 (--api)")
          assert.strictEqual(yield* found("", "v1"), "v1 (INNERSPACE_API)")
          assert.match((yield* found("", undefined)) ?? "", /^v2 \(profile work in /)
          assert.match((yield* found("--profile old", undefined)) ?? "", /^v1 \(profile old in /)

          // The sign-in of a person needs an identity provider, and no secret.
          const ofPerson = yield* run("doctor --only settings --json", {
            env: {
              INNERSPACE_LOGIN: "device",
              INNERSPACE_ISSUER: "https://my-team.eu.auth0.com",
              INNERSPACE_CLIENT_SECRET: ""
            }
          })
          const lines: ReadonlyArray<{ id: string; status: string }> = JSON.parse(ofPerson.stdout)
            .data.lines
          const statusOf = (id: string) => lines.find((line) => line.id === id)?.status
          assert.strictEqual(statusOf("settings.client-secret"), "ok")
          assert.strictEqual(statusOf("settings.issuer"), "ok")
        })
    )

    it.scoped(
      "mistakes of config.toml are named with the nearest key, and secrets are refused",
      () =>
        Effect.gen(function* () {
          const { home, run } = yield* shellOf()
          const path = join(home, ".config/innerspace-metrics/config.toml")
          mkdirSync(join(home, ".config/innerspace-metrics"), { recursive: true })
          const message = (text: string, line = "tables") =>
            Effect.gen(function* () {
              writeFileSync(path, text)
              const { code, stderr } = yield* run(line)
              assert.strictEqual(code, 2, stderr)
              return stderr
            })
          assert.include(
            yield* message('[profiles.work]\nbase_ulr = "x"'),
            "Did you mean base_url?"
          )
          assert.include(yield* message('[profile.work]\napi = "v1"'), "profile")
          assert.include(
            yield* message('[profiles.work]\nclient_secret = "x"'),
            "INNERSPACE_CLIENT_SECRET"
          )
          assert.include(yield* message("[profiles.work\n"), "TOML")
          assert.include(
            yield* message('[profiles.work]\napi = "v2"', "tables --profile wrok"),
            "Did you mean work?"
          )
        })
    )

    it.scoped("the folders of Windows and macOS are those of their users", () =>
      Effect.gen(function* () {
        const path = (platform: NodeJS.Platform, env: { readonly [name: string]: string }) =>
          Effect.map(
            Effect.promise(() =>
              innerspace("doctor --only settings.config --json", {
                platform,
                env: { ...env, INNERSPACE_BASE_URL: "http://localhost:1" },
                homeDirectory: platform === "win32" ? "C:\\Users\\ann" : "/Users/ann"
              })
            ),
            ({ stdout }) => JSON.parse(stdout).data.lines[0].found
          )
        assert.strictEqual(
          yield* path("win32", { APPDATA: "C:\\Users\\ann\\AppData\\Roaming" }),
          "C:\\Users\\ann\\AppData\\Roaming\\innerspace-metrics\\config.toml"
        )
        assert.strictEqual(
          yield* path("darwin", {}),
          "/Users/ann/Library/Application Support/innerspace-metrics/config.toml"
        )
        assert.strictEqual(
          yield* path("linux", { XDG_CONFIG_HOME: "/etc/ann" }),
          "/etc/ann/innerspace-metrics/config.toml"
        )
      })
    )
  })
