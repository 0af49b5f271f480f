import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** Whichever is named, or Debian's: first the one without a window, which starts in half the time. */
const PLACES = [
  process.env['RDP_MEDIC_CHROMIUM'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
];

/** Where a Chromium is; `undefined` where there is none. */
export function findChromium(): string | undefined {
  return PLACES.find((place) => place !== undefined && existsSync(place));
}

/** @throws Error where there is none. */
export function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('No Chromium: install it, or name it in RDP_MEDIC_CHROMIUM.');
  // Its sandbox takes rights that containers and root do not have.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

/** How the page is looked at. */
export const LOOKS = {
  'on a desktop, light': { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  'on a desktop, dark': { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  'on a phone, light': { colorScheme: 'light', viewport: { width: 390, height: 844 }, isMobile: true },
  'on a phone, dark': { colorScheme: 'dark', viewport: { width: 390, height: 844 }, isMobile: true },
} as const satisfies Record<string, BrowserContextOptions>;
export type Look = keyof typeof LOOKS;

/** Exchanges the key for a session, as a person does. */
export async function signIn(page: Page, url: string, key: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Function key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Fleet' }).waitFor();
}
