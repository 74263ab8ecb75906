import type { Browser } from "playwright-core"

/**
 * Starts a real Chromium without a window. If there is no Chromium and apt-get works, installs
 * Chromium and prints a message. The caller must close the browser.
 */
export declare const launchBrowser: () => Promise<Browser>

/** The path of a Chromium's executable. */
export declare const browserPath: () => string
