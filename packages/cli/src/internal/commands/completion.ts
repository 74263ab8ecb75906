/** `innerspace completion`: the script of a shell, or the man page. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { manPage } from "../completion/manPage.js"
import { scripts } from "../completion/scripts.js"
import type { Run } from "../frame/command.js"

export const run: Run = (_world, { args }) =>
  Effect.promise(async () => {
    const [shell = ""] = args
    const text = scripts[shell] ?? (await manPage(version()))
    return { data: text, print: ({ write }) => write(text) }
  })

const version = (): string => {
  const manifest = readFileSync(new URL("../../../package.json", import.meta.url), "utf8")
  return String(JSON.parse(manifest).version)
}
