/**
 * What a command accepts, as data. The parser, `--help`, the completions and the man page are made
 * from it, so it must load nothing.
 */
/** The kinds of words with which a shell can complete a value. */
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
  /** In commander's notation, such as `-o, --output <file>`. */
  readonly flags: string
  readonly text: string
  readonly choices?: ReadonlyArray<string>
  /** Other words for the choices. They are rejected with an error that suggests the choice. */
  readonly words?: { readonly [word: string]: string }
  /** May be given several times; the value is a list. */
  readonly isRepeatable?: boolean
  readonly completed?: Completed
}

export interface ArgumentDefinition {
  /** Without brackets. */
  readonly name: string
  readonly text: string
  readonly isOptional?: boolean
  /** Takes all remaining arguments, also those that look like options. */
  readonly isRest?: boolean
  readonly choices?: ReadonlyArray<string>
  readonly completed?: Completed
}

export interface Example {
  readonly text: string
  /** The whole line, such as `innerspace tables`. */
  readonly line: string
}

/** What `innerspace --help` shows of a command. */
export interface CommandSummary {
  readonly name: string
  /** One line of the list of commands. */
  readonly summary: string
  readonly arguments?: ReadonlyArray<ArgumentDefinition>
  readonly details: () => Promise<CommandDetails>
}

/** The rest of a command. */
export interface CommandDetails {
  /** Paragraphs below the summary in `--help`. */
  readonly text?: string
  readonly options: ReadonlyArray<OptionDefinition>
  readonly examples: ReadonlyArray<Example>
}

export interface CommandDefinition extends CommandSummary, CommandDetails {}
