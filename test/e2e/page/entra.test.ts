import type { Browser, Page } from 'playwright-core';
import { instanceIdOf, newRemediationId } from '../../../shared/model/remediation-id.ts';
import { signedIn } from '../../functions/triggers/app.ts';
import { startDoors, type Doors } from '../../functions/triggers/hosted/doors.ts';
import { freePlaces, plant } from '../../shared/report/hostile.ts';
import { fullRecord } from '../../shared/report/records.ts';
import { storageAccount } from '../../support/storage.ts';
import { recordsIn } from '../support/stored-records.ts';
import { expectAccessible } from './support/accessible.ts';
import { openBrowser } from './support/browser.ts';
import { describeInBrowser } from './support/page-test.ts';

let doors: Doors;
let browser: Browser;

/** Opens the page as App Service authentication hands somebody on. */
async function openAs(headers: Record<string, string>): Promise<Page> {
  const context = await browser.newContext({ extraHTTPHeaders: headers });
  const page = await context.newPage();
  await page.goto(doors.url);
  return page;
}

describeInBrowser('The page behind Entra ID', () => {
  beforeAll(async () => {
    doors = await startDoors(172, { RDP_MEDIC_AUTH: 'entra' });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await doors.close();
  });

  it('sends who has not signed in to Microsoft, and asks nobody for a key', async () => {
    const page = await openAs({});
    const link = page.getByRole('link', { name: 'Sign in with Microsoft' });
    expect(await link.getAttribute('href')).toBe('/.auth/login/aad?post_login_redirect_uri=/');
    expect(await page.getByRole('textbox').count()).toBe(0);
    await expectAccessible(page, 'the sign-in with Entra ID');
  });

  it('says to who has no role that he has none', async () => {
    const page = await openAs(signedIn([]));
    await page.getByText('do not have any of the roles').waitFor();
    expect(await page.getByRole('heading', { name: 'Fleet' }).count()).toBe(0);
  });

  it('lets in who has one, under his name', async () => {
    const page = await openAs(signedIn(['Request']));
    await page.getByRole('heading', { name: 'Fleet' }).waitFor();
    await page.getByText('ada@example.com').waitFor();
    await page.getByRole('link', { name: 'Queue' }).click();
    await page
      .getByText('This requires the role Operate.')
      .or(page.getByText('No poison messages.'))
      .waitFor();
  });

  it('shows whatever a machine may have said as text, and runs none of it', async () => {
    const said = `<img src=x onerror="window.said = 1"><script>window.said = 1</script>`;
    const record = plant(fullRecord(), freePlaces(fullRecord()), said);
    const id = newRemediationId(instanceIdOf(record.vm.id), Date.now());
    await recordsIn(storageAccount(172)).write({ ...record, id, vm: fullRecord().vm });
    const page = await openAs(signedIn(['Operate']));
    await page.goto(`${doors.url}/#/remediations/${id}`);
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    expect(await page.getByText('<script>window.said = 1</script>').count()).toBeGreaterThan(20);
    expect(
      await page.evaluate('[window.said, document.querySelectorAll("main img, main script").length]'),
    ).toEqual([undefined, 0]);
    await expectAccessible(page, 'a remediation full of markup');
  });
});
