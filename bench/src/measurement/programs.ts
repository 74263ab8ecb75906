/** Starts measured programs, each in a process of its own. */
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
      reject(new Error(`${file} ended with ${code} and no answer`))
    }
    child.once("message", onMessage)
    child.once("exit", onExit)
  })

const exited = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once("exit", resolve))

/** What a program answers before it ends. */
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
 * A program that answers questions for as long as something needs it. Its first message says that
 * it is there.
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

/** Figures of one run, by their names. */
const Figures = Schema.Record({ key: Schema.String, value: Schema.Number })
type Figures = typeof Figures.Type

const decodeFigures = Schema.decodeUnknownSync(Figures)

/**
 * How often the programs take turns: often enough that a median is not one of a few that a busy
 * machine slowed down.
 */
export const roundsOf = (isQuick: boolean): number => (isQuick ? 1 : 7)

/**
 * The figures of each program's runs: A B C, A B C and so on, so that whatever changes meanwhile
 * meets all alike.
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
