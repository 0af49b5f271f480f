/**
 * Pictures of page and report for docs/pictures (`npm run screenshots`): a small fleet in the lab, some of it repaired, one VM waiting
 * for approval, looked at in a real Chromium.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import type { Browser, Page } from 'playwright-core';
import * as z from 'zod';
import { createScaledClock } from '../lab/clock/scaled.ts';
import { fleetVm, type FleetVm } from '../lab/fleet/index.ts';
import { startAzurite } from '../local/azurite.ts';
import { openStage, type Stage } from '../local/stage.ts';
import { shrink } from './pictures/shrink.ts';
import { LOOKS, openBrowser, signIn, type Look } from '../test/e2e/page/support/browser.ts';

const FOLDER = 'docs/pictures';
/** Seconds of lab time in a real one. */
const RATE = 120;
const DAY = 86_400_000;
const startedSchema = z.object({ id: z.string() });
const recordSchema = z.object({ phase: z.string() });

/** What stands for the past: how many days ago, in which of the subscriptions, and how it ended. */
const PAST: readonly (readonly [days: number, subscription: number, outcome: string])[] = Array.from(
  { length: 60 },
  (_, index) => {
    const outcomes = ['repaired-online', 'repaired-online', 'repaired-offline', 'healthy', 'not-fixed'];
    return [
      (index * 7) % 29,
      1 + (index % 3),
      outcomes[(index * 11) % outcomes.length] ?? 'healthy',
    ] as const;
  },
);

function vm(base: string, name: string): FleetVm {
  const found = fleetVm(base, { now: Date.now() });
  return { ...found, spec: { ...found.spec, name } };
}

async function start(stage: Stage, name: string): Promise<string> {
  const answer = await stage.call('POST', '/api/remediations', { vmId: stage.lab.vm(name).id });
  return startedSchema.parse(await answer.json()).id;
}

async function reached(stage: Stage, id: string, phase: string): Promise<void> {
  for (;;) {
    const answer = await stage.call('GET', `/api/remediations/${id}`);
    if (recordSchema.safeParse(await answer.json()).data?.phase === phase) return;
    await setTimeout(200);
  }
}

/** Lines of the list alone, as records of the past leave them: no remediation is waited for a month. */
async function fillPast(storage: string): Promise<void> {
  const container = BlobServiceClient.fromConnectionString(storage).getContainerClient('remediations');
  for (const [index, [days, subscription, outcome]] of PAST.entries()) {
    const at = new Date(Date.now() - days * DAY - 3_600_000 * (1 + (index % 9)));
    const stamp = at.toISOString().replaceAll(/[^0-9]/g, '');
    const digits = String(index).padStart(32, '0');
    const vmid = `/subscriptions/00000000-0000-4000-8000-00000000000${String(subscription)}/resourcegroups/rg-${String(subscription)}/providers/microsoft.compute/virtualmachines/vm-${String(index)}`;
    const endedat = new Date(at.getTime() + 600_000).toISOString();
    const metadata = { vmid, phase: 'ended', outcome, startedat: at.toISOString(), endedat };
    const blob = container.getBlockBlobClient(`vm-${digits}-${stamp}-0000/record.json`);
    await blob.upload('{}', 2, { metadata });
  }
}

async function picture(
  browser: Browser,
  { host }: Stage,
  name: string,
  look: Look,
  path: string,
  ready: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ ...LOOKS[look], reducedMotion: 'reduce' });
  const page = await context.newPage();
  await signIn(page, host.url, host.functionKey);
  await page.goto(host.url + path);
  await ready(page);
  const taken = await page.screenshot({ animations: 'disabled' });
  const blank = await context.newPage();
  writeFileSync(join(FOLDER, `${name}.png`), await shrink(blank, taken));
  await context.close();
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name }).first().waitFor();

const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-pictures-'));
mkdirSync(FOLDER, { recursive: true });
const azurite = await startAzurite();
const storage = azurite.connectionString('account1');
const now = Date.now();
const stage = await openStage({
  clock: createScaledClock({ epoch: now, startedAtRealMs: now, rate: RATE }),
  folder,
  storage,
  brief: true,
  fleet: [
    vm('tls-agent-not-ready', 'web-01'),
    vm('rdp-certificate', 'sql-02'),
    vm('tls-agent-not-ready', 'app-03'),
  ],
  policy: { approval: { modes: ['full'] } },
});
const browser = await openBrowser();
try {
  await fillPast(storage);
  const repaired = await start(stage, 'sql-02');
  await reached(stage, repaired, 'ended');
  const asked = await start(stage, 'web-01');
  await reached(stage, asked, 'approval');
  await start(stage, 'app-03');
  await setTimeout(1500);
  const fleet = heading('In progress');
  await picture(browser, stage, 'fleet', 'on a desktop, light', '/#/', fleet);
  await picture(browser, stage, 'fleet-dark', 'on a desktop, dark', '/#/', fleet);
  await picture(browser, stage, 'fleet-phone', 'on a phone, dark', '/#/', fleet);
  const waiting = `/#/remediations/${asked}`;
  await picture(browser, stage, 'approval', 'on a desktop, light', waiting, async (page) => {
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByRole('dialog').waitFor();
  });
  await picture(
    browser,
    stage,
    'remediation',
    'on a desktop, light',
    `/#/remediations/${repaired}`,
    heading('Timeline'),
  );
  await picture(
    browser,
    stage,
    'remediation-phone',
    'on a phone, light',
    `/#/remediations/${repaired}`,
    heading('Timeline'),
  );
  const report = `/page/api/remediations/${repaired}/report`;
  await picture(browser, stage, 'report', 'on a desktop, light', report, heading('sql-02'));
  await picture(browser, stage, 'report-phone', 'on a phone, dark', report, heading('sql-02'));
} finally {
  await browser.close();
  await stage.close();
  await azurite.close();
  rmSync(folder, { recursive: true, force: true });
}
