import { once } from 'node:events';
import { createServer } from 'node:http';
import { QueueClient } from '@azure/storage-queue';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import * as z from 'zod';
import { createScaledClock } from '../../../lab/clock/scaled.ts';
import { fleetVm, type FleetVm } from '../../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';
import { storageAccount } from '../../support/storage.ts';
import { expectAccessible } from './support/accessible.ts';
import { LOOKS, openBrowser, signIn } from './support/browser.ts';
import { describeInBrowser } from './support/page-test.ts';

const ACCOUNT = 171;
const now = Date.now();
/** A virtual clock would jump over the time that a person takes. */
const clock = createScaledClock({ epoch: now, startedAtRealMs: now, rate: 200 });
/** As long as an offline repair may take, in milliseconds of real time. */
const SOON = { timeout: 60_000 };
const SECRET = 'the secret of approvers on the stage';

let theatre: Theatre;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What the browser complained of, and every address that it asked for. */
const complaints: string[] = [];
const asked: string[] = [];

/** A VM of the fleet under another name. */
function vm(base: string, name: string): FleetVm {
  const found = fleetVm(base, { now });
  return { ...found, spec: { ...found.spec, name } };
}

async function open(): Promise<void> {
  theatre = await openTheatre(ACCOUNT, {
    clock,
    fleet: [
      vm('rdp-certificate', 'followed'),
      vm('tls-agent-not-ready', 'approved'),
      vm('tls-agent-not-ready', 'cancelled'),
    ],
    policy: { approval: { modes: ['full'] } },
  });
  browser = await openBrowser();
  context = await browser.newContext({ ...LOOKS['on a desktop, light'], reducedMotion: 'reduce' });
  page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => asked.push(request.url()));
}

/** Asks for a repair as a program does, and opens what the page shows of it. */
async function repair(name: string): Promise<void> {
  const { stage } = theatre;
  const body = { vmId: stage.lab.vm(name).id };
  const answer = await stage.call('POST', '/api/remediations', body);
  const { id } = z.object({ id: z.string() }).parse(await answer.json());
  await page.goto(`${stage.host.url}/#/remediations/${id}`);
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

const seen = (text: string) => page.getByText(text, { exact: false }).first().waitFor(SOON);

describeInBrowser('The page in a browser', () => {
  beforeAll(open);
  afterAll(async () => {
    await browser.close();
    await theatre.close();
  });

  it('lets in who has the key, and never with a key in an address', async () => {
    const { url, functionKey } = theatre.stage.host;
    await page.goto(url);
    await page.getByLabel('Function key').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await seen('The key is wrong.');
    await expectAccessible(page, 'the sign-in');
    await signIn(page, url, functionKey);
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
    expect(
      await page.evaluate('document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })'),
    ).toBe('{}');
    await seen('Nothing is running.');
  });

  it('follows a repair to its end, without being loaded again', async () => {
    await repair('followed');
    await page.evaluate('window.stillTheSame = true');
    await page.locator('.title').getByText('Repaired online').waitFor(SOON);
    expect(await page.evaluate('window.stillTheSame')).toBe(true);
    const timeline = page.locator('#timeline');
    await timeline.getByText('the RDP certificate has expired or is not yet valid').first().waitFor();
    await timeline.getByText('RDP responds').first().waitFor();
    await expectAccessible(page, 'a remediation that has ended');
    // Said to who does not see it: that it has ended, by its summary.
    await page.getByRole('status').getByText('works again').waitFor();
  });

  it('opens report and evidence by the session alone', async () => {
    for (const name of ['Report', 'collect: output']) {
      const link = page.getByRole('link', { name }).first();
      const [opened] = await Promise.all([context.waitForEvent('page'), link.click()]);
      await opened.getByText('followed').or(opened.locator('pre')).first().waitFor();
      expect(await opened.evaluate('document.body.innerText.length')).toBeGreaterThan(100);
      await opened.close();
    }
  });

  it('takes an approval, from the keyboard alone, with the secret of approvers', async () => {
    await repair('approved');
    await page.getByRole('heading', { name: 'Approve taking approved offline?' }).waitFor(SOON);
    expect(theatre.stage.lab.vm('approved').power).toBe('running');
    await expectAccessible(page, 'a remediation that waits for approval');
    const focused = () => page.evaluate('document.activeElement?.dataset.action');
    for (let tabs = 0; tabs < 30 && (await focused()) !== 'approve'; tabs++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Take approved offline?' });
    await dialog.waitFor();
    await expectAccessible(page, 'the question before an approval');
    await page.keyboard.type('a secret that is not right');
    await page.keyboard.press('Enter');
    await dialog
      .getByText('does not have the required role')
      .or(dialog.getByText('requires the role'))
      .waitFor();
    await dialog.getByLabel('Approver secret').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(SECRET);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.locator('.title').getByText('Repaired offline').waitFor(SOON);
    expect(theatre.stage.lab.vm('approved').power).toBe('running');
  });

  it('shows what Azure did, step by step, and what to do next with the commands to copy', async () => {
    const done = (await page.locator('.operations li').allInnerTexts()).map((line) => line.split(':')[0]);
    expect(done).toEqual(
      expect.arrayContaining([
        'Create a snapshot',
        'Create the rescue VM',
        'Run a script with Run Command',
        'Deallocate the VM',
        'Swap the OS disk',
        'Start the VM',
      ]),
    );
    const swapped = page.locator('#timeline > ol > li', { hasText: 'Switch to the repaired OS disk' });
    expect(await swapped.locator('.operations').innerText()).toMatch(/Swap the OS disk: approved .* s$/m);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const commands = page.locator('#advice .commands', { hasText: 'Azure CLI' }).first();
    expect(await commands.locator('pre').innerText()).toMatch(/^az vm deallocate .*--name/m);
    await commands.getByRole('button', { name: /^Copy/ }).click();
    await page.getByRole('status').getByText('Copied.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      await commands.locator('pre').innerText(),
    );
  });

  it('rolls back once its cost has been accepted', async () => {
    const repaired = theatre.osDiskOf('approved').id;
    await page.getByRole('button', { name: 'Roll back…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Approver secret').fill(SECRET);
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    // Not by the secret alone.
    await dialog.getByText('Tick “I accept losing').waitFor();
    await expectAccessible(page, 'the question before a rollback');
    await dialog.getByLabel('I accept losing').check();
    await dialog.getByLabel('Your name').fill('the day shift');
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await page.locator('.title').getByText('Rolled back').waitFor(SOON);
    expect(theatre.osDiskOf('approved').id).not.toBe(repaired);
  });

  it('cancels', async () => {
    const disk = theatre.osDiskOf('cancelled').id;
    await repair('cancelled');
    await page.getByRole('heading', { name: 'Approve taking cancelled offline?' }).waitFor(SOON);
    await page.getByRole('button', { name: 'Cancel…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your name').fill('the day shift');
    await dialog.getByRole('button', { name: 'Cancel the remediation' }).click();
    await page.locator('.title').getByText('Cancelled').waitFor(SOON);
    await page.locator('.facts').getByText('the day shift').waitFor();
    expect(theatre.osDiskOf('cancelled').id).toBe(disk);
  });

  it('shows the whole fleet, and finds what is searched for', async () => {
    await page.getByRole('link', { name: 'Fleet', exact: true }).click();
    await page.getByRole('heading', { name: 'Fleet', level: 1 }).waitFor();
    await page
      .getByRole('img', { name: /^Remediations that ended in the last 30 days: 2 repaired/ })
      .waitFor();
    await expectAccessible(page, 'the fleet');
    await page.getByLabel('Search').fill('followed');
    await page.getByLabel('Outcome').selectOption({ label: 'Repaired online' });
    await page.getByRole('button', { name: 'Apply' }).click();
    const found = page.locator('#remediations');
    await found.getByText('1 remediation', { exact: true }).waitFor();
    await found.getByRole('link', { name: 'followed' }).waitFor();
    await page.goBack();
    await found.getByText('4 remediations').waitFor();
  });

  it('shows poison messages, and puts one back on the queue', async () => {
    const { stage } = theatre;
    const queue = new QueueClient(storageAccount(ACCOUNT), 'remediation-requests');
    await queue.sendMessage('hello, world');
    // A VM that is not there yet.
    const late = vm('rdp-certificate', 'late');
    const vmId = stage.lab.vm('followed').id.replace('followed', 'late');
    await queue.sendMessage(JSON.stringify({ vmId }));
    await page.getByRole('link', { name: 'Queue' }).click();
    const row = page.getByRole('row', { name: /late/ });
    await row.getByText('VmNotFound').waitFor(SOON);
    await page.getByText('Unreadable, 12 bytes').waitFor(SOON);
    await expectAccessible(page, 'the queue');
    await stage.lab.addVm(late.spec);
    await row.getByRole('button').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Approver secret').fill(SECRET);
    await dialog.getByRole('button', { name: 'Put back on the queue' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Fleet', exact: true }).click();
    await page.locator('#remediations').getByRole('link', { name: 'late' }).waitFor(SOON);
  });

  it('takes no request for its own that another page has the browser send', async () => {
    const neighbour = await serveBlank();
    const other = await context.newPage();
    await other.goto(neighbour.url);
    // Another port of one machine is the same site: the cookie goes along, and only the header tells them apart.
    const target = JSON.stringify(`${theatre.stage.host.url}/page/sign-out`);
    const options = `method: 'POST', credentials: 'include'`;
    await other.evaluate(`fetch(${target}, { ${options}, mode: 'no-cors' }).then(() => 'sent')`);
    const withHeader = `fetch(${target}, { ${options}, headers: { 'x-rdp-medic-page': '1' } })`;
    expect(await other.evaluate(`${withHeader}.then(() => 'sent', () => 'blocked')`)).toBe('blocked');
    await other.close();
    neighbour.close();
    await page.reload();
    await page.getByRole('heading', { name: 'Fleet', level: 1 }).waitFor();
  });

  it('signs out', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await seen('You have signed out.');
    expect(await context.cookies()).toEqual([]);
  });

  it('has asked nobody but the app, with no key in an address, and given the browser nothing to complain of', () => {
    const { url, functionKey } = theatre.stage.host;
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((address) => !address.startsWith(`${url}/`))).toEqual([]);
    expect(asked.filter((address) => /code=/.test(address) || address.includes(functionKey))).toEqual([]);
    // Of a wrong key and a wrong secret, each given on purpose.
    expect(complaints).toEqual([expect.stringContaining('401'), expect.stringContaining('403')]);
  });
});

/** A page of nobody in particular, on this machine. */
async function serveBlank(): Promise<{ url: string; close: () => void }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Another page</title>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${String(port)}/`, close: () => server.close() };
}
