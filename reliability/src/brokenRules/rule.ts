/** A rule, with a change that breaks it. */
export interface Rule {
  readonly rule: string
  /**
   * Path of the source file from the root of the repository. The change is made in the file that is
   * built from it.
   */
  readonly file: string
  /** Occurs once in the built file. */
  readonly from: string
  readonly to: string
  /** Package and name of a test file, such as `core/tokenStore`, and the title of a test in it. */
  readonly test: readonly [file: string, title: string]
}
