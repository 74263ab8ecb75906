/** Bundles the page of an example and serves it, with the settings from the environment. */
import { fileURLToPath } from "node:url"
import { build, type InlineConfig, type PluginOption, preview } from "vite"

const { INNERSPACE_AUTH0_AUDIENCE, INNERSPACE_AUTH0_CLIENT_ID, INNERSPACE_AUTH0_DOMAIN } =
  process.env

const settings = {
  domain: INNERSPACE_AUTH0_DOMAIN,
  clientId: INNERSPACE_AUTH0_CLIENT_ID,
  audience: INNERSPACE_AUTH0_AUDIENCE
}

interface Options {
  readonly plugins?: Array<PluginOption>
  /**
   * The address of a sandbox or a proxy. Without this setting, the page uses the vendor's address.
   */
  readonly baseUrl?: string | undefined
}

/** Bundles and serves the page in the folder `name`. SIGTERM ends the process. */
export const servePage = async (
  name: string,
  { baseUrl = process.env["INNERSPACE_BASE_URL"], plugins = [] }: Options = {}
): Promise<void> => {
  // The build puts this file into dist/page.
  const root = fileURLToPath(new URL(`../../${name}`, import.meta.url))
  const outDir = fileURLToPath(new URL(`../${name}/site`, import.meta.url))
  const common = {
    configFile: false,
    root,
    logLevel: "warn",
    build: {
      outDir,
      emptyOutDir: true,
      chunkSizeWarningLimit: 1500,
      target: "es2022",
      rolldownOptions: {
        // Packages for React are marked "use client". The mark has no meaning in a bundle for
        // browsers, so its warning is dropped.
        onLog(level, log, report) {
          if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log)
        }
      }
    }
  } satisfies InlineConfig

  await build({
    ...common,
    plugins,
    define: { SETTINGS: JSON.stringify({ ...settings, baseUrl }) }
  })
  const server = await preview({
    ...common,
    preview: { port: Number(process.env["PORT"] ?? 3000) }
  })
  console.log(server.resolvedUrls?.local[0])

  process.once("SIGTERM", () => void server.close().then(() => process.exit()))
}
