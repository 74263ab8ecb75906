/** A rule, with a change that breaks it. */
export interface Rule {
  readonly rule: string
  /**
   * The path of the source file from the root of the repository. The change is made in the built
   * file that belongs to this source file.
   */
  readonly file: string
  /** The text to replace, which occurs once in the built file. */
  readonly from: string
  readonly to: string
  /**
   * The package and the name of a test file, such as `core/tokenStore`, and the title of a test in
   * this file.
   */
  readonly test: readonly [file: string, title: string]
}
