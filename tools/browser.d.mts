import type { Browser } from "playwright-core"

/**
 * Starts a real Chromium without a window. Installs Chromium, and says so, if there is none and
 * apt-get works. The caller closes the browser.
 */
export declare const launchBrowser: () => Promise<Browser>

/** The path of a Chromium's executable. */
export declare const browserPath: () => string
