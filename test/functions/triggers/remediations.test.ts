import * as z from 'zod';
import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import { youngRecord } from '../../shared/report/records.ts';
import { createApp, vmIdOf, type App } from './app.ts';

const post = (app: App, body: unknown, headers: Record<string, string> = {}) =>
  app.call('/api/remediations', { body, headers });

describe('POST /api/remediations', () => {
  it('starts a remediation and says where to follow it', async () => {
    const app = createApp();
    const id = app.addVm('tls');
    const answer = await post(app, { vmId: vmIdOf('TLS'), mode: 'online' });

    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^vm-[0-9a-f]{32}-20260301120000000-[0-9a-f]{4}$/),
      status: 'started',
      vmId: id,
      location: answer.headers.get('location'),
    });
    expect(answer.headers.get('location')).toMatch(/^https:\/\/medic\.example\/api\/remediations\/vm-/);
    expect(answer.headers.get('retry-after')).toBe('15');
    expect(app.engine.instances.get(instanceIdOf(id))?.input).toMatchObject({
      request: { vmId: id, mode: 'online', source: { kind: 'manual' } },
      attempt: 1,
      approval: 'not-needed',
    });
  });

  it('joins the remediation that goes on, however the id is written', async () => {
    const app = createApp();
    app.addVm('tls');
    const first = await post(app, { vmId: vmIdOf('tls') });
    app.pass(30);
    const second = await post(app, { vmId: `${vmIdOf('TLS').toUpperCase()}/` });
    expect(second.status).toBe(202);
    expect(second.body).toMatchObject({ status: 'joined' });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(app.engine.started).toBe(1);
  });

  it('numbers the attempts and hands over whether a person must approve', async () => {
    const app = createApp({ policy: { approval: { modes: ['full'] } } });
    const vmId = app.addVm('tls');
    app.records.summaries.push({
      id: 'vm-earlier',
      vmId,
      phase: 'ended',
      outcome: 'not-fixed',
      startedAt: '2026-02-27T10:00:00Z',
      endedAt: '2026-02-27T11:00:00Z',
    });
    await post(app, { vmId });
    expect(app.engine.instances.get(instanceIdOf(vmId))?.input).toMatchObject({
      attempt: 2,
      approval: 'before-offline',
    });
  });

  it.each<[string, Parameters<App['addVm']>[1] | undefined, number, string]>([
    ['a VM that is not there', undefined, 404, 'VmNotFound'],
    ['a Linux VM', { osType: 'Linux' }, 422, 'NotWindows'],
    ['a deallocated VM', { powerState: 'deallocated' }, 409, 'VmNotRunning'],
    ['a VM that is opted out', { tags: { 'rdp-medic': 'disabled' } }, 403, 'PolicyRefused'],
  ])('refuses %s and starts nothing', async (_what, vm, status, code) => {
    const app = createApp();
    if (vm) app.addVm('tls', vm);
    const answer = await post(app, { vmId: vmIdOf('tls') });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({
      type: `/docs/errors#${code.toLowerCase()}`,
      status,
      code,
      title: expect.any(String),
      detail: expect.any(String),
      next: expect.any(String),
    });
    expect(app.engine.started).toBe(0);
    expect(app.queue.messages).toEqual([]);
  });

  it('names the rule of the policy that said no, and when to come back', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    const ended = { startedAt: '2026-03-01T11:30:00Z', endedAt: '2026-03-01T11:50:00Z' };
    app.records.summaries.push({ id: 'vm-1', vmId, phase: 'ended', outcome: 'repaired-online', ...ended });
    const answer = await post(app, { vmId });
    expect(answer.status).toBe(429);
    expect(answer.body).toMatchObject({ code: 'CoolDown', rule: 'cool-down' });
    expect(answer.headers.get('retry-after')).toBe('1200');
  });

  it.each(['healthy', 'diagnosed', 'refused'] as const)(
    'counts no attempt that changed nothing as one to rest from: %s',
    async (outcome) => {
      const app = createApp();
      const vmId = app.addVm('tls');
      const ended = { startedAt: '2026-03-01T11:30:00Z', endedAt: '2026-03-01T11:50:00Z' };
      app.records.summaries.push({ id: 'vm-1', vmId, phase: 'ended', outcome, ...ended });
      expect((await post(app, { vmId })).status).toBe(202);
    },
  );

  it('does not even look up a VM outside the policy’s scope', async () => {
    const app = createApp({ policy: { scope: { resourceGroups: ['rg-other'] } } });
    app.addVm('tls');
    expect((await post(app, { vmId: vmIdOf('tls') })).body).toMatchObject({ rule: 'resource-group' });
    expect(app.vms.asked).toEqual([]);
  });

  it('lets what finds no place wait in the queue, once a VM', async () => {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 1 } } });
    app.addVm('a');
    const b = app.addVm('b');
    await post(app, { vmId: vmIdOf('a') });
    const waiting = await post(app, { vmId: b });
    await post(app, { vmId: b });

    expect(waiting.status).toBe(202);
    expect(waiting.body).toMatchObject({ status: 'queued' });
    expect(waiting.headers.get('location')).toContain('/api/remediations?vm=');
    expect(app.queue.messages).toMatchObject([{ request: { vmId: b }, delaySeconds: 60 }]);
    expect((await app.call('/api/remediations')).body).toMatchObject({ queued: [{ vmId: b }] });
  });

  it('gives the place of what is over to who waits', async () => {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 1 } } });
    const a = app.addVm('a');
    const b = app.addVm('b');
    await post(app, { vmId: a });
    await post(app, { vmId: b });
    app.pass(60);
    app.engine.end(instanceIdOf(a));
    await app.take(app.queue.messages[0]?.request);
    expect(app.engine.instances.get(instanceIdOf(b))?.state).toBe('Pending');
    expect(await app.intake.listWaiting()).toEqual([]);
  });
});

describe('An idempotency key', () => {
  it('gives the same answer to the same body, also after the remediation is over', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    const key = { 'idempotency-key': 'order-7' };
    const first = await post(app, { vmId }, key);
    app.engine.end(instanceIdOf(vmId));
    app.pass(86_400);
    const second = await post(app, { vmId }, key);
    expect(second.status).toBe(202);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(app.engine.started).toBe(1);
  });

  it('is refused with another body', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    app.addVm('rdp-port');
    const key = { 'idempotency-key': 'order-7' };
    await post(app, { vmId }, key);
    const other = await post(app, { vmId: vmIdOf('rdp-port') }, key);
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({ code: 'IdempotencyKeyReused' });
    expect(app.engine.started).toBe(1);
  });

  it('does not freeze a refusal', async () => {
    const app = createApp();
    const vmId = app.addVm('tls', { powerState: 'starting' });
    const key = { 'idempotency-key': 'order-7' };
    expect((await post(app, { vmId }, key)).status).toBe(409);
    app.addVm('tls');
    expect((await post(app, { vmId }, key)).status).toBe(202);
  });

  it.each(['', 'two words', 'é', 'x'.repeat(256)])('is refused when it is "%s"', async (key) => {
    const app = createApp();
    const answer = await post(app, { vmId: app.addVm('tls') }, { 'idempotency-key': key });
    expect(answer.status).toBe(400);
    expect(app.engine.started).toBe(0);
  });
});

describe('GET /api/remediations/{id}', () => {
  it('is 202 from the very moment it was accepted', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    const { headers } = await post(app, { vmId });
    const answer = await app.call(new URL(headers.get('location') ?? '').pathname);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ vmId, phase: 'starting' });
    expect(answer.headers.get('retry-after')).toBe('15');
  });

  it('asks for patience where nobody carries it on, until the watchdog has been round', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    const { body } = await post(app, { vmId });
    const { id } = z.object({ id: z.string() }).parse(body);
    app.records.records.set(id, { ...youngRecord(), id });
    expect((await app.call(`/api/remediations/${id}`)).headers.get('retry-after')).toBe('15');
    app.engine.end(instanceIdOf(vmId));
    const lost = await app.call(`/api/remediations/${id}`);
    expect(lost.status).toBe(202);
    expect(lost.headers.get('retry-after')).toBe('300');
  });

  it.each(['vm-1', '..%2f..%2fx', `vm-${'0'.repeat(32)}-20260301120000000-abcd`])('%s: 404', async (id) => {
    const answer = await createApp().call(`/api/remediations/${id}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'NotFound' });
  });

  it('gives the report as a page that can run nothing', async () => {
    const app = createApp();
    const id = `vm-${'0'.repeat(32)}-20260301120000000-abcd`;
    app.records.reports.set(id, '<!doctype html><p>Repaired</p>');
    const answer = await app.call(`/api/remediations/${id}/report`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.text).toContain('Repaired');
    expect((await app.call('/api/remediations/vm-1/report')).status).toBe(404);
  });

  it('gives the report of a remediation that goes on, as far as it has come', async () => {
    const app = createApp();
    const record = { ...youngRecord(), id: `vm-${'0'.repeat(32)}-20260301120000000-abcd` };
    await app.records.write(record);
    const answer = await app.call(`/api/remediations/${record.id}/report`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toMatch(/style-src 'sha256-/);
    expect(answer.text).toContain(record.vm.name);
  });
});

describe('An error that nobody expected', () => {
  it('is told to the log, and to the caller only where to look', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    app.records.attempts = () => Promise.reject(new Error('connection string AccountKey=hunter2'));
    const answer = await post(app, { vmId });
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({
      code: 'Internal',
      detail: 'See the log entry with the id invocation-1.',
    });
    expect(answer.text).not.toContain('hunter2');
    expect(app.engine.started).toBe(0);
  });
});
