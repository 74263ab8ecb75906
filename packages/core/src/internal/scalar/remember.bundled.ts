/**
 * Returns functions without a cache. A page builds few queries, so caches are not worth their size
 * in a bundle.
 */
const same = <A>(make: A): A => make

export { same as rememberSpans, same as rememberTexts }
