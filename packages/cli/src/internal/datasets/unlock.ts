/** `innerspace unlock`: removes the lock of a sync that was killed. */
import * as Dataset from "@innerspace-metrics/export/Dataset"
import * as Effect from "effect/Effect"
import type { Run } from "../frame/command.js"
import { withDataset } from "./session.js"

export const run: Run = (world, input) =>
  withDataset(world, input, ({ dataset, name }) =>
    Effect.map(Dataset.unlock(dataset), (owner) => ({
      data: { unlocked: owner !== undefined, owner: owner ?? null },
      print: ({ write }) =>
        write(owner === undefined ? `${name} was not locked\n` : `Removed the lock of ${owner}\n`)
    }))
  )
