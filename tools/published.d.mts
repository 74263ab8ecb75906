/**
 * Packs the named packages, and unpacks them in `directory` together with their dependencies. A
 * program in that directory then imports the same files as a user of the published packages.
 */
export declare const unpackPublished: (directory: string, names: ReadonlyArray<string>) => void

/** Copies a directory of programs into the directory with the unpacked packages. */
export declare const copyPrograms: (from: string, directory: string) => void
