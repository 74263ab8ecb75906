/** Starts measured programs, each in its own process. */
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Schema from "effect/Schema"

const start = (file: string, task: unknown, execArgv: ReadonlyArray<string>): ChildProcess =>
  fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), [JSON.stringify(task)], {
    execArgv: [...execArgv]
  })

const nextMessage = (child: ChildProcess, file: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      child.off("exit", onExit)
      resolve(message)
    }
    const onExit = (code: number | null) => {
      child.off("message", onMessage)
      reject(new Error(`${file} ended with ${code} and no result`))
    }
    child.once("message", onMessage)
    child.once("exit", onExit)
  })

const exited = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once("exit", resolve))

/** Runs a program until it sends its result. */
export const runProgram = async (
  file: string,
  task?: unknown,
  execArgv: ReadonlyArray<string> = []
): Promise<unknown> => {
  const child = start(file, task, execArgv)
  const message = await nextMessage(child, file)
  await exited(child)
  return message
}

/**
 * Runs a server program until `use` is done. The first message of the program says that it is
 * ready.
 */
export const withServer = async <A>(
  file: string,
  task: unknown,
  use: (first: unknown, ask: (question: unknown) => Promise<unknown>) => Promise<A>
): Promise<A> => {
  const child = start(file, task, [])
  try {
    return await use(await nextMessage(child, file), (question) => {
      child.send(Object(question))
      return nextMessage(child, file)
    })
  } finally {
    if (child.connected) child.disconnect()
    await exited(child)
  }
}

/** The figures of one run, by name. */
const Figures = Schema.Record({ key: Schema.String, value: Schema.Number })
type Figures = typeof Figures.Type

const decodeFigures = Schema.decodeUnknownSync(Figures)

/**
 * How many times each program runs. A few slow runs on a busy machine must not change the median.
 */
export const roundsOf = (isQuick: boolean): number => (isQuick ? 1 : 7)

/**
 * Runs each program several times and returns the figures of the runs. The order is A B C, A B C
 * and so on, so that changes of the machine's load affect all programs alike.
 */
export const inTurn = async <Program extends { readonly name: string }>(
  programs: ReadonlyArray<Program>,
  rounds: number,
  run: (program: Program) => Promise<unknown>
): Promise<(program: string, figure: string) => ReadonlyArray<number>> => {
  const runs = new Map<string, Array<Figures>>(programs.map(({ name }) => [name, []]))
  for (let round = 1; round <= rounds; round++) {
    for (const program of programs) {
      process.stderr.write(`  round ${round} of ${rounds}: ${program.name}\n`)
      runs.get(program.name)?.push(decodeFigures(await run(program)))
    }
  }
  return (program, figure) =>
    (runs.get(program) ?? []).map((figures) => {
      const value = figures[figure]
      if (value === undefined) throw new Error(`${program} gave no figure "${figure}"`)
      return value
    })
}
