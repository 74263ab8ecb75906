/**
 * What a command accepts, as data. The parser, `--help`, the completions and the man page are made
 * from these definitions. To keep a command's start fast, this module loads no other module.
 */
/** The kinds of values that a shell can complete. */
export type Completed =
  | "table"
  | "column"
  | "filter"
  | "metric"
  | "building"
  | "group"
  | "profile"
  | "file"
  | "folder"

export interface OptionDefinition {
  /** The option in commander's notation, such as `-o, --output <file>`. */
  readonly flags: string
  readonly text: string
  readonly choices?: ReadonlyArray<string>
  /**
   * Wrong words that people may use instead of a choice, each with the right choice. The error for
   * such a word suggests the choice.
   */
  readonly words?: { readonly [word: string]: string }
  /** Whether the option may be given several times. Its value is then a list. */
  readonly isRepeatable?: boolean
  readonly completed?: Completed
}

export interface ArgumentDefinition {
  /** The name without brackets. */
  readonly name: string
  readonly text: string
  readonly isOptional?: boolean
  /**
   * Whether this argument takes all remaining words of the line, even words that look like options.
   */
  readonly isRest?: boolean
  readonly choices?: ReadonlyArray<string>
  readonly completed?: Completed
}

export interface Example {
  readonly text: string
  /** The whole line, such as `innerspace tables`. */
  readonly line: string
}

/** What `innerspace --help` shows of a command, and a function that loads the rest. */
export interface CommandSummary {
  readonly name: string
  /** One line in the list of commands. */
  readonly summary: string
  readonly arguments?: ReadonlyArray<ArgumentDefinition>
  readonly details: () => Promise<CommandDetails>
}

/** The rest of a command: its options, and the other contents of its own `--help`. */
export interface CommandDetails {
  /** Paragraphs below the summary in `--help`. */
  readonly text?: string
  readonly options: ReadonlyArray<OptionDefinition>
  readonly examples: ReadonlyArray<Example>
}

export interface CommandDefinition extends CommandSummary, CommandDetails {}
