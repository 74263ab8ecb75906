#!/usr/bin/env node
import nodeModule from "node:module"
import process from "node:process"

// Node 22.8 and newer keep compiled code, which halves the time until a command starts.
if ("enableCompileCache" in nodeModule && typeof nodeModule.enableCompileCache === "function") {
  nodeModule.enableCompileCache()
}

const interruption = new AbortController()
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // At the second signal, the process ends without waiting.
    if (interruption.signal.aborted) process.exit(130)
    interruption.abort()
  })
}

// There is no top-level `await`, because the package ships this file and the code that prints help
// as one CommonJS file.
import("./Cli.js").then(async ({ run }) => {
  process.exitCode = await run({ signal: interruption.signal })
})
