import axe from 'axe-core';
import type { Page } from 'playwright-core';
import * as z from 'zod';
import { whyNotAllRows } from '../../../support/rows.ts';
import { LOOKS, type Look } from './browser.ts';

const foundSchema = z.array(z.object({ id: z.string(), nodes: z.array(z.string()) }));

/** What axe finds fault with, by everything it knows (WCAG 2.2 A and AA, and its best practices): nothing. */
async function expectNoViolations(page: Page, where: string): Promise<void> {
  // By the debugger, not by the page: its own policy lets no other script run.
  await page.evaluate(axe.source);
  const found = foundSchema.parse(
    await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) })))',
    ),
  );
  expect({ where, found }).toEqual({ where, found: [] });
}

/** Each of the two layouts and of the two sets of colours once; all four where every row is run. */
const LOOKED_AT: readonly Look[] =
  whyNotAllRows === undefined ? (Object.keys(LOOKS) as Look[]) : ['on a desktop, light', 'on a phone, dark'];

/** Looks at what the page shows now on a desktop and a phone, light and dark. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const look of LOOKED_AT) {
    const { colorScheme, viewport } = LOOKS[look];
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    await expectNoViolations(page, `${what} ${look}`);
    expect(await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')).toBe(false);
  }
  await page.setViewportSize(LOOKS['on a desktop, light'].viewport);
}
