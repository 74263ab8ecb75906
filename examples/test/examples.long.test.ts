import { execSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { launchBrowser } from "../../tools/browser.mjs"
import { fault, publishYesterday, run, serving, tokenRequests } from "./run.js"

const json = async (address: string) => {
  const response = await fetch(address)
  return { status: response.status, headers: response.headers, body: await response.json() }
}

describe("programs", () => {
  it("script prints twelve weeks", async () => {
    const { code, output } = await run("script")
    assert.strictEqual(code, 0)
    assert.match(output, /^2024-01-01T06:00:00.000Z \{"1":\d+/)
    assert.strictEqual(output.trimEnd().split("\n").length, 12)
  })

  it("script exits with 1 after a wrong secret, and prints the next step", async () => {
    const { code, errors } = await run("script", [], { INNERSPACE_CLIENT_SECRET: "canary" })
    assert.strictEqual(code, 1)
    assert.match(errors, /^The token endpoint responded with status \d+.*Check/m)
    assert.notInclude(errors, "canary")
  })

  it("csv-export writes each hour of a month with a clock change", async () => {
    const { code, errors, output } = await run("csv-export")
    assert.strictEqual(code, 0)
    const [head, first, ...rest] = output.trimEnd().split("\r\n")
    assert.strictEqual(head, "date_time_start,group_id,metric_value")
    assert.match(first ?? "", /^2024-03-01T06:00:00.000Z,all-[^,]+,[\d.]+$/)
    assert.strictEqual(rest.length + 1, 31 * 24 - 1)
    assert.include(errors, "5 of 5 windows")
  })

  it("the documented command writes the program's output to a file, and nothing else", () => {
    const root = fileURLToPath(new URL("../..", import.meta.url))
    const documented = /^npm run --silent example csv-export > m\.csv$/m
    const [command = ""] =
      documented.exec(readFileSync(join(root, "examples/README.md"), "utf8")) ?? []
    const directory = mkdtempSync(join(tmpdir(), "csv-"))
    try {
      const file = join(directory, "m.csv")
      execSync(command.replace("m.csv", `"${file}"`), { cwd: root, stdio: "ignore" })
      const lines = readFileSync(file, "utf8").trimEnd().split("\r\n")
      assert.strictEqual(lines[0], "date_time_start,group_id,metric_value")
      assert.strictEqual(lines.length, 31 * 24)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it("lambda sends one token request in three cold starts", async () => {
    let output = ""
    const count = await tokenRequests(async () => {
      output = (await run("lambda")).output
    })
    assert.match(output, /cold start 1: 200 \[.*\n.*cold start 2: 200 \[.*\n.*cold start 3: 200 \[/)
    assert.strictEqual(count, 1)
  })

  it("token-source requests one token, and another one after a rejection", async () => {
    const { code, output } = await run("token-source")
    assert.strictEqual(code, 0)
    assert.strictEqual(output.split("the broker received a token request").length - 1, 2)
    assert.include(output, "1 row, and the token prints as <redacted>")
  })

  it("own-catalogue writes the module and queries a table by its name", async () => {
    const directory = mkdtempSync(join(tmpdir(), "catalogue-"))
    try {
      const file = join(directory, "catalogue.ts")
      const { code, output } = await run("own-catalogue", [file, "zone_occupancy"])
      assert.strictEqual(code, 0)
      assert.include(output, "no differences")
      assert.match(output, /zone_occupancy\.\w+: .+, .+, .+/)
      assert.include(readFileSync(file, "utf8"), "zone_occupancy")
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it("opentelemetry prints the span of the call, its parent and the counters", async () => {
    const { code, output } = await run("opentelemetry")
    assert.strictEqual(code, 0)
    assert.include(output, "name: 'report'")
    assert.include(output, "'graphql.operation.type': 'query'")
    assert.include(output, "innerspace.client")
    assert.notInclude(output, process.env["INNERSPACE_CLIENT_SECRET"] ?? "none")
    assert.notInclude(output, "Bearer")
  })

  it("effect-app prints the busiest day of a month", async () => {
    const { output } = await run("effect-app")
    assert.match(output, /31 days, the busiest began at 2024-03-\d\dT0[56]:00/)
  })
})

describe("servers", () => {
  it("express returns rows, and passes Retry-After on", async () => {
    const code = await serving("express", async (address) => {
      const rows = await json(address)
      assert.strictEqual(rows.status, 200)
      assert.strictEqual(rows.body.length, 31)
      assert.strictEqual((await json(address.replace("2024-03", "2024-99"))).status, 400)
      assert.strictEqual((await json(address.replace("2024-03", "march"))).status, 400)
      // The wait is longer than the call's deadline of one minute. The call therefore fails at
      // once, and the server sends the wait to its own client, in the header `retry-after`.
      await fault({ _tag: "RateLimited", retryAfter: 600 })
      const refused = await json(address)
      assert.deepStrictEqual([refused.status, refused.body], [503, { error: "RateLimited" }])
      assert.strictEqual(refused.headers.get("retry-after"), "600")
    })
    assert.strictEqual(code, 0)
  })

  it("hono returns rows, and status codes for errors", async () => {
    const code = await serving("hono", async (address) => {
      const rows = await json(address)
      assert.strictEqual(rows.body.length, 24)
      assert.strictEqual((await json(address.replace("/71/", "/a/"))).status, 400)
      await fault({ _tag: "GraphqlError", code: "access-denied" })
      const denied = await json(address)
      assert.deepStrictEqual([denied.status, denied.body], [502, { error: "PermissionDenied" }])
    })
    assert.strictEqual(code, 0)
  })

  it("the function of bun-server returns rows, and status codes for errors", async () => {
    await publishYesterday()
    const code = await serving("bun-server", async (address) => {
      assert.strictEqual((await json(address)).body.length, 7)
      await fault({ _tag: "RateLimited", retryAfter: 600 })
      const refused = await json(address)
      assert.deepStrictEqual([refused.status, refused.body], [503, { error: "RateLimited" }])
    })
    assert.strictEqual(code, 0)
  })

  it("the function of cloudflare-worker returns rows, and status codes for errors", async () => {
    const code = await serving("cloudflare-worker", async (address) => {
      assert.strictEqual((await json(address)).body.length, 31)
      await fault({ _tag: "GraphqlError", code: "access-denied" })
      assert.strictEqual((await json(address)).status, 502)
    })
    assert.strictEqual(code, 0)
  })

  it("the route of nextjs returns rows", async () => {
    const code = await serving("nextjs", async (address) => {
      const route = address.replace("/occupancy", "/api/occupancy")
      assert.strictEqual((await json(`${route}?month=2024-03`)).body.length, 31)
      assert.strictEqual((await json(`${route}?month=march`)).status, 400)
    })
    assert.strictEqual(code, 0)
  })
})

describe("the React page", () => {
  it("react-page lets a person sign in and shows a week of their building", async () => {
    const browser = await launchBrowser()
    try {
      await serving("react-page", async (address) => {
        const page = await browser.newPage()
        await page.goto(address)
        await page.getByRole("button", { name: "Sign in" }).click()
        await page.getByLabel("User name").fill("tom@example.com")
        await page.getByLabel("Password").fill("see-building-72")
        await page.getByRole("button", { name: "Sign in" }).click()
        await page.getByText("Most people at once").waitFor()
        assert.strictEqual(await page.locator("th").count(), 7)
        assert.strictEqual(await page.locator("th").first().textContent(), "2024-03-04")
      })
    } finally {
      await browser.close()
    }
  })
})
