import { findChromium } from './browser.ts';

/** Tests in a real Chromium; where there is none they are counted as skipped, and their name says why. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (findChromium() === undefined) describe.skip(`${name} (skipped: no Chromium)`, tests);
  else describe(name, tests);
}
