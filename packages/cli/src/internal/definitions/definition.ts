/**
 * What a command accepts, as data. The parser, `--help`, the completions and the man page are made
 * from these definitions. To keep a command's start fast, this module loads no other module.
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
  /** The option in commander's notation, such as `-o, --output <file>`. */
  readonly flags: string
  readonly text: string
  readonly choices?: ReadonlyArray<string>
  /** Other words for the choices. They are rejected with an error that suggests the choice. */
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
  /** Whether it takes all remaining arguments, even arguments that look like options. */
  readonly isRest?: boolean
  readonly choices?: ReadonlyArray<string>
  readonly completed?: Completed
}

export interface Example {
  readonly text: string
  /** The whole line, such as `innerspace tables`. */
  readonly line: string
}

/** The parts of a command that `innerspace --help` shows. */
export interface CommandSummary {
  readonly name: string
  /** One line in the list of commands. */
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
