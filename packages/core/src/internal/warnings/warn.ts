/**
 * Logs the library's warnings.
 *
 * Effect's default logger writes to the standard output, where a program may print rows for another
 * program to read. If the app has no logger of its own, a warning therefore goes to `console.warn`,
 * which writes to the standard error in Node.
 */
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as HashSet from "effect/HashSet"
import * as Logger from "effect/Logger"

/** Logs a warning. The library logs all its warnings with this function. */
export const warn = (...message: ReadonlyArray<unknown>): Effect.Effect<void> =>
  Effect.locallyWith(Effect.logWarning(...message), FiberRef.currentLoggers, (loggers) =>
    HashSet.has(loggers, Logger.defaultLogger)
      ? HashSet.add(
          HashSet.remove(loggers, Logger.defaultLogger),
          Logger.withLeveledConsole(Logger.stringLogger)
        )
      : loggers
  )
