import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import { fullRecord, youngRecord } from '../../shared/report/records.ts';
import { createApp } from './app.ts';

const text = (html: string): string =>
  html
    .replace(/<style>.*<\/style>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

/** A busy service: one place only, so that the second VM waits, and a message that nobody can read. */
async function createBusy() {
  const app = createApp({ policy: { limits: { concurrentPerSubscription: 1 } } });
  const [tls, port] = [app.addVm('tls'), app.addVm('rdp-port')];
  const first = await app.call('/api/remediations', { body: { vmId: tls } });
  await app.call('/api/remediations', { body: { vmId: port } });
  await app.take('hello, world', 'm-1');
  const id = (first.headers.get('location') ?? '').split('/').at(-1) ?? '';
  const startedAt = '2026-03-01T11:59:00.000Z';
  app.records.summaries.push({ id, vmId: tls, phase: 'offline', startedAt });
  const step = { ...fullRecord().steps[0]!, state: 'running', title: 'Repair the disk offline' } as const;
  await app.records.write({ ...youngRecord(), id, startedAt, phase: 'offline', steps: [step] });
  return { app, id, tls };
}

describe('GET /', () => {
  it('shows phase and step of what goes on, who waits and why, and messages put aside with the reason', async () => {
    const { app, id } = await createBusy();
    const answer = await app.call('/?code=the-key');
    expect(answer.status).toBe(200);
    const seen = text(answer.text);
    expect(seen).toMatch(/tls rg-fleet Offline Repair the disk offline/);
    expect(seen).toMatch(/rdp-port all 1 places in the subscription are taken/);
    expect(seen).toMatch(/Unreadable, 12 bytes BodyNotJson The message is neither JSON nor JSON in base64\./);
    expect(answer.text).toContain(`href="/api/remediations/${id}/report?code=the-key"`);
  });

  it('notices a remediation whose engine knows nothing of it any more', async () => {
    const { app, tls } = await createBusy();
    expect(text((await app.call('/')).text)).not.toContain('Stopped without an end');
    app.engine.end(instanceIdOf(tls));
    expect(text((await app.call('/')).text)).toContain('Stopped without an end');
  });

  it('shows how it ended, also where that happened since the list was made', async () => {
    const { app, id } = await createBusy();
    await app.records.write({ ...fullRecord(), id });
    expect(text((await app.call('/')).text)).toMatch(/Nothing goes on\..*tls rg-fleet ✓?\s?Repaired offline/);
  });

  it('can run and load nothing, is kept nowhere, and sends its address nowhere', async () => {
    const { headers } = await createApp().call('/');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('takes nothing but GET, and no other wish about refreshing than on and off', async () => {
    expect((await createApp().call('/', { method: 'POST' })).status).toBe(405);
    expect((await createApp().call('/?refresh=never')).status).toBe(400);
    expect((await createApp().call('/?refresh=off')).text).not.toContain('http-equiv="refresh"');
  });
});
