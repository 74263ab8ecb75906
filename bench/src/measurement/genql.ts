/** The client that genql generates for the sandbox's schema. */
import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { buildClientSchema, type IntrospectionQuery, printSchema } from "graphql"
import { runProgram } from "./programs.js"

const require = createRequire(import.meta.url)

/** The folder of the generated TypeScript and its JavaScript. */
const genqlDirectory = fileURLToPath(new URL("../generated/genql", import.meta.url))

/** Generates TypeScript for a schema into a folder. */
export const generate = (schema: IntrospectionQuery, directory: string): void => {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  const file = `${directory}/schema.graphql`
  writeFileSync(file, printSchema(buildClientSchema(schema)))
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [
      require.resolve("@genql/cli/dist/cli.js"),
      "--schema",
      file,
      "--output",
      `${directory}/source`
    ],
    { encoding: "utf8" }
  )
  if (status !== 0) throw new Error(`genql ended with ${status}: ${stdout}${stderr}`)
}

/**
 * Generates the client for the sandbox's schema, as one module. The measured programs import this
 * module.
 */
export const generateGenql = (): Promise<void> => {
  generated ??= generateOnce()
  return generated
}

let generated: Promise<void> | undefined

const generateOnce = async (): Promise<void> => {
  // The sandbox's schema is the same as the schema of a Hasura server.
  generate((await runProgram("measurement/schemaProcess.js")) as IntrospectionQuery, genqlDirectory)
  await build({
    entryPoints: [`${genqlDirectory}/source/index.ts`],
    outfile: `${genqlDirectory}/client.js`,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20"
  })
}
