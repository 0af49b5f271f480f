import * as z from 'zod';
import {
  countsAnswerSchema,
  queueAnswerSchema,
  requeueAnswerSchema,
} from '../../../shared/model/page-answers.ts';
import { instanceIdOf, newRemediationId } from '../../../shared/model/remediation-id.ts';
import type { OutcomeKind } from '../../../shared/model/record.ts';
import { parseVmId } from '../../../shared/model/vm-id.ts';
import { fullRecord, youngRecord } from '../../shared/report/records.ts';
import { APPROVER_SECRET, createApp, SUBSCRIPTION, vmIdOf, type App } from './app.ts';

const OTHER = '00000000-0000-4000-8000-000000000002';
const APPROVER = { 'x-rdp-medic-approver': APPROVER_SECRET };
const listSchema = z.object({
  remediations: z.array(
    z.object({
      id: z.string(),
      vm: z.object({ name: z.string(), resourceGroup: z.string(), subscriptionId: z.string() }),
      step: z.string().optional(),
      lost: z.boolean().optional(),
      phase: z.string(),
      outcome: z.string().optional(),
    }),
  ),
  total: z.int(),
  next: z.string().optional(),
});

/** A remediation that began at noon of a day of February 2026, and ended at one where it has an outcome. */
function began(
  app: App,
  name: string,
  day: number,
  outcome?: OutcomeKind,
  subscription = SUBSCRIPTION,
): string {
  const vmId = parseVmId(vmIdOf(name, 'rg-fleet', subscription))?.id ?? '';
  const at = (hour: number): string => new Date(Date.UTC(2026, 1, day, hour)).toISOString();
  const id = newRemediationId(instanceIdOf(vmId), Date.parse(at(12)));
  const ended = outcome === undefined ? {} : { outcome, endedAt: at(13) };
  app.records.summaries.unshift({
    id,
    vmId,
    phase: outcome ? 'ended' : 'offline',
    startedAt: at(12),
    ...ended,
  });
  return id;
}

/** Three that ended, in two subscriptions, and one that runs. */
function createFleet() {
  const app = createApp();
  const ids = {
    port: began(app, 'rdp-port', 10, 'repaired-online'),
    tls: began(app, 'tls', 20, 'repaired-offline'),
    lost: began(app, 'beyond-repair', 20, 'not-fixed', OTHER),
    running: began(app, 'machine-keys', 25),
  };
  return { app, ids };
}

async function list(app: App, query = '') {
  const { body } = await app.call(`/api/remediations${query}`);
  return listSchema.parse(body);
}

describe('GET /api/remediations', () => {
  it.each<[string, string[]]>([
    ['', ['machine-keys', 'beyond-repair', 'tls', 'rdp-port']],
    ['?state=running', ['machine-keys']],
    ['?state=ended', ['beyond-repair', 'tls', 'rdp-port']],
    ['?outcome=not-fixed', ['beyond-repair']],
    [`?subscription=${OTHER}`, ['beyond-repair']],
    ['?text=RDP-p', ['rdp-port']],
    ['?text=rg-fleet%20keys', ['machine-keys']],
    ['?from=2026-02-20', ['machine-keys', 'beyond-repair', 'tls']],
    ['?from=2026-02-11&to=2026-02-20', ['beyond-repair', 'tls']],
    ['?text=nobody', []],
  ])('%s: what fits, the newest first', async (query, names) => {
    const { remediations, total } = await list(createFleet().app, query);
    expect(remediations.map(({ vm }) => vm.name)).toEqual(names);
    expect(total).toBe(names.length);
  });

  it.each(['?state=waiting', '?from=yesterday', '?after=vm-1', '?limit=0', '?subscription=mine'])(
    '%s: 400',
    async (query) => {
      expect((await createApp().call(`/api/remediations${query}`)).status).toBe(400);
    },
  );

  it('goes page by page, and shows nothing twice where one begins meanwhile', async () => {
    const { app } = createFleet();
    const first = await list(app, '?limit=2');
    began(app, 'newcomer', 26);
    const second = await list(app, `?limit=2&after=${first.next ?? ''}`);
    expect([...first.remediations, ...second.remediations].map(({ vm }) => vm.name)).toEqual([
      'machine-keys',
      'beyond-repair',
      'tls',
      'rdp-port',
    ]);
    expect([first.total, second.next]).toEqual([4, undefined]);
  });

  it('says of what runs at which step it is, and whether the engine knows of it', async () => {
    const { app, ids } = createFleet();
    const step = { ...fullRecord().steps[0]!, state: 'running', title: 'Repair the disk offline' } as const;
    await app.records.write({ ...youngRecord(), id: ids.running, phase: 'offline', steps: [step] });
    const [running] = (await list(app, '?state=running')).remediations;
    expect(running).toMatchObject({ step: 'Repair the disk offline', phase: 'offline', lost: true });
  });

  it('says how it ended, also where that happened since the list was made', async () => {
    const { app, ids } = createFleet();
    await app.records.write({ ...fullRecord(), id: ids.running });
    const [ended] = (await list(app, '?state=running')).remediations;
    expect(ended).toMatchObject({ outcome: 'repaired-offline', phase: 'ended', lost: false });
  });
});

describe('GET /api/counts', () => {
  it('counts what runs and what ended, in all, by subscription and by day', async () => {
    const { body } = await createFleet().app.call('/api/counts?days=10');
    const { running, outcomes, subscriptions, days } = countsAnswerSchema.parse(body);
    // On 1 March: the one of the tenth is longer ago.
    expect([running, outcomes]).toEqual([1, { 'repaired-offline': 1, 'not-fixed': 1 }]);
    expect(subscriptions).toEqual([
      { subscriptionId: SUBSCRIPTION, running: 1, outcomes: { 'repaired-offline': 1 } },
      { subscriptionId: OTHER, running: 0, outcomes: { 'not-fixed': 1 } },
    ]);
    expect(days.map(({ day }) => day)).toEqual([
      '2026-02-20',
      '2026-02-21',
      '2026-02-22',
      '2026-02-23',
      '2026-02-24',
      '2026-02-25',
      '2026-02-26',
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
    ]);
    expect(days[0]?.outcomes).toEqual({ 'repaired-offline': 1, 'not-fixed': 1 });
  });

  it('counts for today what ended tomorrow, by the clock of another host', async () => {
    const app = createApp();
    began(app, 'tls', 30, 'repaired-online');
    const { body } = await app.call('/api/counts?days=2');
    const { outcomes, days } = countsAnswerSchema.parse(body);
    expect(outcomes).toEqual({ 'repaired-online': 1 });
    expect(days).toEqual([
      { day: '2026-02-28', outcomes: {} },
      { day: '2026-03-01', outcomes: { 'repaired-online': 1 } },
    ]);
  });

  it('takes days of a year at the most', async () => {
    expect((await createApp().call('/api/counts?days=366')).status).toBe(400);
  });
});

describe('The queue', () => {
  /** One place only: the second VM waits; and two poison messages, of which one could be read. */
  async function createBusy() {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 1 } } });
    await app.call('/api/remediations', { body: { vmId: app.addVm('tls') } });
    await app.call('/api/remediations', { body: { vmId: app.addVm('rdp-port') } });
    await app.take('hello, world', 'm-1');
    await app.takePoison({ vmId: vmIdOf('machine-keys'), mode: 'online' }, 'm-2');
    return app;
  }
  const queueOf = async (app: App) => queueAnswerSchema.parse((await app.call('/api/queue')).body);

  it('tells who waits and why, and the poison messages with what was wrong', async () => {
    const { queued, poison } = await queueOf(await createBusy());
    expect(queued).toMatchObject([
      { vm: { name: 'rdp-port' }, reason: expect.stringContaining('the limit of 1') },
    ]);
    expect(poison).toMatchObject([
      { id: expect.any(String), canRequeue: false, bytes: 12, problem: { code: 'BodyNotJson' } },
      { id: 'm-2', canRequeue: true, vm: { name: 'machine-keys' }, mode: 'online', source: 'queue' },
    ]);
  });

  it('takes a message back, once, from an operator', async () => {
    const app = await createBusy();
    const requeue = (headers = {}) => app.call('/api/queue/m-2/requeue', { body: {}, headers });
    expect((await requeue()).status).toBe(403);
    const before = app.queue.messages.length;
    const { status, body } = await requeue(APPROVER);
    expect(status).toBe(202);
    expect(requeueAnswerSchema.parse(body).vmId).toBe(parseVmId(vmIdOf('machine-keys'))?.id);
    expect(app.queue.messages.slice(before)).toMatchObject([
      { delaySeconds: 0, request: { mode: 'online' } },
    ]);
    expect((await queueOf(app)).poison.map(({ id }) => id)).toEqual(['m-1']);
    expect((await requeue(APPROVER)).status).toBe(404);
  });

  it('cannot take back what could not be read', async () => {
    const app = await createBusy();
    const answer = await app.call('/api/queue/m-1/requeue', { body: {}, headers: APPROVER });
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'NothingToRequeue' }]);
  });

  it('believes no poison message that says an operator sent it, not even once an operator puts it back', async () => {
    const app = createApp();
    const forged = { vmId: vmIdOf('tls'), source: { kind: 'operator' } };
    await app.takePoison(forged, 'm-3');
    await app.call('/api/queue/m-3/requeue', { body: {}, headers: APPROVER });
    expect(app.queue.messages).toMatchObject([{ request: { source: { kind: 'queue', id: 'm-3' } } }]);
  });
});

describe('GET /api/remediations/{id}/evidence/{name}', () => {
  const evidence = fullRecord().steps.flatMap((step) => step.evidence)[0]!;
  async function createKept() {
    const app = createApp();
    const id = began(app, 'tls', 20, 'repaired-offline');
    await app.records.write({ ...fullRecord(), id });
    app.evidence.set(evidence.url, '<script>alert(1)</script>');
    app.evidence.set('https://elsewhere.example/secret', 'a secret');
    return { app, path: `/api/remediations/${id}/evidence/` };
  }

  it('is text, whatever a guest printed', async () => {
    const { app, path } = await createKept();
    const { status, headers, text } = await app.call(path + evidence.name);
    expect([status, text]).toEqual([200, '<script>alert(1)</script>']);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
  });

  it('is only what the record names', async () => {
    const { app, path } = await createKept();
    const other = encodeURIComponent('https://elsewhere.example/secret');
    expect((await app.call(path + other)).status).toBe(404);
    expect((await app.call('/api/remediations/vm-1/evidence/x')).status).toBe(404);
  });
});
