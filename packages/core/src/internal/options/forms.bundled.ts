/**
 * In a page, the words for what to give are its types': in development, and in Node, there are
 * others.
 */
export const formOf = (_fits: (value: unknown) => boolean): string => "a value of its type"
