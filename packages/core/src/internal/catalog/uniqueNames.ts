/**
 * Makes names for the declarations of a module. A name is never a reserved word, and no two
 * declarations have the same name. The same tables always get the same names.
 */

/**
 * Words that cannot be the name of a constant in a module (ECMAScript, 12.7.2; TypeScript adds the
 * last two).
 */
const reservedWords = (
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
  "finally for function if implements import in instanceof interface let new null package private protected public return " +
  "static super switch this throw true try typeof var void while with yield globalThis undefined"
).split(" ")

export class Names {
  readonly #taken: Set<string>

  constructor(taken: ReadonlyArray<string>) {
    this.#taken = new Set([...reservedWords, ...taken])
  }

  /**
   * Adds the names. A name that is not used yet stays unchanged. Any other name gets underscores at
   * its end.
   */
  addAll(wanted: ReadonlyArray<string>): ReadonlyMap<string, string> {
    const free = wanted.filter((name) => !this.#taken.has(name))
    for (const name of free) this.#taken.add(name)
    const given = new Map(free.map((name) => [name, name]))
    for (const name of wanted)
      if (!given.has(name))
        given.set(
          name,
          this.#add(name, (n) => "_".repeat(n))
        )
    return given
  }

  /** Adds a name. If the name is already used, it gets a number at its end. */
  add(wanted: string): string {
    return this.#taken.has(wanted)
      ? this.#add(wanted, (n) => String(n + 1))
      : this.#add(wanted, () => "")
  }

  #add(wanted: string, suffix: (attempt: number) => string): string {
    for (let attempt = 1; ; attempt++) {
      const name = wanted + suffix(attempt)
      if (!this.#taken.has(name)) {
        this.#taken.add(name)
        return name
      }
    }
  }
}

/** Changes `BUILDING_INSIGHTS` and `building_insights` to `BuildingInsights`. */
export const pascalCase = (name: string): string => {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "")
  const joined = words
    .map(
      (word) =>
        word.charAt(0).toUpperCase() +
        (/[a-z]/.test(word) ? word.slice(1) : word.slice(1).toLowerCase())
    )
    .join("")
  return /^[A-Z]/.test(joined) ? joined : `_${joined}`
}

export const camelCase = (name: string): string => {
  const pascal = pascalCase(name)
  return pascal.charAt(0).toLowerCase() + pascal.slice(1)
}
