/** What a command uses of the process: variables, streams, folders. A test can replace them. */
import type { Readable, Writable } from "node:stream"

/** A stream that may be a terminal. */
export type TerminalStream = Writable & {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** The process, or its replacement in a test. */
export interface World {
  readonly env: { readonly [name: string]: string | undefined }
  readonly stdin: Readable & {
    readonly isTTY?: boolean
    readonly setRawMode?: (isRaw: boolean) => unknown
  }
  readonly stdout: TerminalStream
  readonly stderr: TerminalStream
  readonly platform: NodeJS.Platform
  readonly versions: { readonly node: string; readonly tz?: string | undefined }
  readonly homeDirectory: string
  readonly workingDirectory: string
  /** The signal that Ctrl-C aborts. */
  readonly signal: AbortSignal
}
