import type { Browser } from "playwright-core"

/**
 * Starts a real Chromium without a window, installed first where there is none. Who starts it
 * closes it.
 */
export declare const launchBrowser: () => Promise<Browser>

/** The executable of a browser on Chromium. */
export declare const browserPath: () => string
