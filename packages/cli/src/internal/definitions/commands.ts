/** All commands, in the order of `--help`. */
import { account } from "./account.js"
import { ask } from "./ask.js"
import type { CommandDefinition } from "./definition.js"
import { keep } from "./keep.js"
import { look } from "./look.js"
import { tools } from "./tools.js"

export const commands: ReadonlyArray<CommandDefinition> = [
  ...account,
  ...look,
  ...ask,
  ...keep,
  ...tools
]
