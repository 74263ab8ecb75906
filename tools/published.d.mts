/**
 * Packs the named packages, and unpacks them below `directory` beside what they depend on. A
 * program in that directory then imports what a user of the published packages would.
 */
export declare const unpackPublished: (directory: string, names: ReadonlyArray<string>) => void

/** Copies a directory of programs into the one with the unpacked packages. */
export declare const copyPrograms: (from: string, directory: string) => void
