import { assert, describe, it } from "@effect/vitest"
import { innerspace } from "./support/command.js"

/** A command line, the wrong word that the message must contain, and the nearest right word. */
const lines: ReadonlyArray<readonly [line: string, wrong: string, right: string]> = [
  // Commands.
  ["qury building_metrics", "qury", "innerspace query"],
  ["tabels", "tabels", "innerspace tables"],
  ["metrcs", "metrcs", "innerspace metrics"],
  ["place", "place", "innerspace places"],
  ["exprot building_metrics a.csv", "exprot", "innerspace export"],
  ["snyc occupancy", "snyc", "innerspace sync"],
  ["paln occupancy", "paln", "innerspace plan"],
  ["verfy occupancy", "verfy", "innerspace verify"],
  ["unlok occupancy", "unlok", "innerspace unlock"],
  ["loginn", "loginn", "innerspace login"],
  ["logut", "logut", "innerspace logout"],
  ["whoiam", "whoiam", "innerspace whoami"],
  ["shcema diff", "shcema", "innerspace schema"],
  ["docter", "docter", "innerspace doctor"],
  ["sandbx", "sandbx", "innerspace sandbox"],
  ["completoin bash", "completoin", "innerspace completion"],
  // Options.
  ["query building_metrics --selct metric_value", "--selct", "--select"],
  ["query building_metrics --wher building_id=71", "--wher", "--where"],
  ["query building_metrics --rnage 2024-03", "--rnage", "--range"],
  ["query building_metrics --granularty PT1H", "--granularty", "--granularity"],
  ["query building_metrics --gruop everyone", "--gruop", "--group"],
  ["query building_metrics --metirc occupancy_mean", "--metirc", "--metric"],
  ["query building_metrics --zne UTC", "--zne", "--zone"],
  ["query building_metrics --limt 3", "--limt", "--limit"],
  ["query building_metrics --ordr metric_value", "--ordr", "--order"],
  ["query building_metrics --fromat csv", "--fromat", "--format"],
  ["query building_metrics --shw curl", "--shw", "--show"],
  ["query building_metrics --progess none", "--progess", "--progress"],
  ["query building_metrics --jsn", "--jsn", "--json"],
  ["query building_metrics --quite", "--quite", "--quiet"],
  ["query building_metrics --no-colour", "--no-colour", "--no-color"],
  ["tables --apii v1", "--apii", "--api"],
  ["tables --base-ulr https://example.com", "--base-ulr", "--base-url"],
  ["tables --clientid me", "--clientid", "--client-id"],
  ["tables --profil work", "--profil", "--profile"],
  ["tables --lve", "--lve", "--live"],
  ["sync occupancy --tabel building_metrics", "--tabel", "--table"],
  ["sync occupancy --fail-no restated", "--fail-no", "--fail-on"],
  ["sync occupancy --biulding 71", "--biulding", "--building"],
  ["sync occupancy --keep-month 3", "--keep-month", "--keep-months"],
  ["verify occupancy --sampel 2", "--sampel", "--sample"],
  ["login --secret-stdn", "--secret-stdn", "--secret-stdin"],
  ["doctor --olny token", "--olny", "--only"],
  ["schema diff --form schema.json", "--form", "--from"],
  // Options of other commands.
  ["sync occupancy --range 2024-03", "--range", "--range is an option of innerspace query, export"],
  ["export building_metrics a.csv --fail-on restated", "--fail-on", "innerspace sync"],
  ["query building_metrics --buildng 71", "--buildng", "--building"],
  // Values that an option has.
  ["query building_metrics --granularity PT1D", "PT1D", "PT1H"],
  ["query building_metrics --granularity pt1h", "pt1h", "PT1H"],
  ["query building_metrics --granularity hourly", "hourly", "PT1H"],
  ["query building_metrics --granularity daily", "daily", "P1D"],
  ["query building_metrics --granularity constructor", "constructor", "PT1H"],
  ["sync occupancy --granularity months", "months", "P1M"],
  ["query building_metrics --format parqet", "parqet", "parquet"],
  ["query building_metrics --format heatmpa", "heatmpa", "heatmap"],
  ["query building_metrics --show grapql", "grapql", "graphql"],
  ["query building_metrics --progress jsn", "jsn", "json"],
  ["tables --api v22", "v22", "v2"],
  ["sync occupancy --fail-on restatd", "restatd", "restated"],
  ["completion zhs", "zhs", "zsh"],
  ["schema dif", "dif", "diff"],
  ["doctor --only tokn", "tokn", "token"],
  // Names of tables, columns, metrics and groups.
  ["tables building_insights", "building_insights", "add --api v2"],
  ["query building_metrics --api v2", "building_metrics", "add --api v1"],
  ["tables building_metrix", "building_metrix", "building_metrics"],
  ["query bulding_metrics --limit 1", "bulding_metrics", "building_metrics"],
  ["query zone_metric --limit 1", "zone_metric", "zone_metrics"],
  ["tables BUILDING_INSIGHT --api v2", "BUILDING_INSIGHT", "BUILDING_INSIGHTS"],
  ["metrics occupancy_men", "occupancy_men", "occupancy_mean"],
  ["metrics OCUPANCY_MAX --api v2", "OCUPANCY_MAX", "OCCUPANCY_MAX"],
  ["export building_metrics march.parqut --range 2024-03", "parqut", "parquet"],
  ["sync occupancy --table building_metric", "building_metric", "building_metrics"]
]

/**
 * The arguments of `query`, which may need a login to look up time zones. With these wrong words,
 * the command fails before it needs a login.
 */
const questions: ReadonlyArray<readonly [line: string, wrong: string, right: string]> = [
  ["--where bulding_id=71", "bulding_id", "building_id"],
  ["--where building_id==71", "building_id==71", "building_id=71"],
  ["--select metric_vlaue", "metric_vlaue", "metric_value"],
  ["--order date_time_strat", "date_time_strat", "date_time_start"],
  ["--metric occupancy_men", "occupancy_men", "occupancy_mean"],
  ["--range yestrday", "yestrday", "yesterday"],
  ["--building seventy", "seventy", "a whole number"],
  ["--range last-7-dys", "last-7-dys", "last-7-days"],
  ["--range this-weak", "this-weak", "this-week"],
  ["--range 2024-03 --zone America/Chicgo", "America/Chicgo", "America/Chicago"],
  ["--group everone", "everone", "everyone"],
  ["--where building_id=seventy", "seventy", "a whole number"],
  ["--where 'metric_value>=ten'", "ten", "a number"],
  ["--where granularity=PT1D", "PT1D", "PT1H"]
]

describe("mistyped command lines", () => {
  it.each(lines)("%s names %s and suggests %s", async (line, wrong, right) => {
    const { code, stderr, stdout } = await innerspace(line, {
      env: { INNERSPACE_CONFIG_DIR: "/nonexistent" }
    })
    assert.strictEqual(code, 2, stderr)
    assert.strictEqual(stdout, "")
    assert.include(stderr, wrong)
    const [, hint = ""] = stderr.split("\n")
    assert.include(hint, right, stderr)
  })

  it.each(questions)("a question with %s names %s and suggests %s", async (words, wrong, right) => {
    const needed = ["--granularity PT1H", "--metric occupancy_mean"].filter(
      (option) =>
        !words.includes(option.split(" ")[0] ?? "") && !words.includes(option.slice(2, 13))
    )
    const { code, stderr, stdout } = await innerspace(
      `query building_metrics ${needed.join(" ")} ${words} --show graphql`,
      { env: { INNERSPACE_CONFIG_DIR: "/nonexistent" } }
    )
    assert.strictEqual(code, 2, stderr)
    assert.strictEqual(stdout, "")
    assert.include(stderr, wrong)
    assert.include(stderr.split("\n")[1], right, stderr)
  })

  it("an option in front of the command is named, with its place", async () => {
    const { code, stderr } = await innerspace("--profile work tables")
    assert.strictEqual(code, 2)
    assert.include(stderr, "Options come after the command")
  })

  it("with --json, a mistyped option is an envelope on stdout and nothing on stderr", async () => {
    const { code, stderr, stdout } = await innerspace("tables --json --lve")
    assert.strictEqual(code, 2)
    assert.strictEqual(stderr, "")
    const envelope = JSON.parse(stdout)
    assert.strictEqual(envelope.ok, false)
    assert.strictEqual(envelope.error.hint, "Did you mean --live?")
  })
})
