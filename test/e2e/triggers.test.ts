import { QueueClient } from '@azure/storage-queue';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { fleetVm } from '../../lab/fleet/index.ts';
import { alertFor } from '../../local/demo/alert.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { storageAccount } from '../support/storage.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const ACCOUNT = 8;
const now = Date.now();
const NOBODY =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-fleet/providers/Microsoft.Compute/virtualMachines/nobody';

const problemSchema = z.object({
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  next: z.string(),
});
const listSchema = z.object({ remediations: z.array(z.object({ id: z.string(), vmId: z.string() })) });
const resultsSchema = z.object({
  results: z.array(z.object({ status: z.string(), reason: z.string().optional() })),
});

let theatre: Theatre;
beforeAll(async () => {
  const names = ['healthy', 'stopped', 'linux', 'peer', 'rdp-denied', 'term-service', 'rdp-listener'];
  theatre = await openTheatre(ACCOUNT, { fleet: names.map((name) => fleetVm(name, { now })) });
});
afterAll(() => theatre.close());

const idOf = (name: string): string => theatre.stage.lab.vm(name).id;
const started = async (): Promise<number> =>
  listSchema.parse(await (await theatre.stage.call('GET', '/api/remediations')).json()).remediations.length;

describe('bad input', () => {
  it.each<[string, number, string, () => unknown]>([
    ['a body that is not JSON', 400, 'BodyNotJson', () => '{"vmId": '],
    ['a field nobody knows', 400, 'RequestInvalid', () => ({ vmId: idOf('healthy'), surprise: true })],
    ['no VM id', 400, 'RequestInvalid', () => ({})],
    ['no such VM', 404, 'VmNotFound', () => ({ vmId: NOBODY })],
    ['a Linux VM', 422, 'NotWindows', () => ({ vmId: idOf('linux') })],
    ['a VM that is stopped', 409, 'VmNotRunning', () => ({ vmId: idOf('stopped') })],
  ])('%s is answered %i %s, and starts nothing', async (_what, status, code, body) => {
    const before = await started();
    const answer = await theatre.stage.call('POST', '/api/remediations', body());
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(problemSchema.parse(await answer.json())).toMatchObject({ status, code });
    expect(answer.status).toBe(status);
    expect(await started()).toBe(before);
  });

  it('a call without key is refused', async () => {
    const answer = await fetch(`${theatre.stage.host.url}/api/remediations`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
  });

  it.each<[string, () => unknown]>([
    ['an alert without a VM', () => alertFor([])],
    ['an alert that says Resolved', () => resolved(alertFor([idOf('rdp-denied')]))],
  ])('%s: 202, nothing to do, and starts nothing', async (_what, body) => {
    const before = await started();
    const answer = await theatre.stage.call('POST', '/api/alerts', body());
    expect(answer.status).toBe(202);
    expect(await answer.text()).toMatch(/nothing/i);
    expect(await started()).toBe(before);
  });
});

describe('a request that comes in', () => {
  it('by alert repairs the VM', async () => {
    const answer = await theatre.stage.call(
      'POST',
      '/api/alerts',
      alertFor([idOf('rdp-denied'), idOf('stopped')]),
    );
    expect(answer.status).toBe(202);
    expect(resultsSchema.parse(await answer.json()).results.map(({ status }) => status)).toEqual([
      'started',
      'refused',
    ]);
    await theatre.stage.host.finished(instanceIdOf(idOf('rdp-denied').toLowerCase()));
    expect(await theatre.rdpOf('rdp-denied')).toMatchObject({ state: 'healthy' });
  });

  it('by queue repairs the VM', async () => {
    const queue = new QueueClient(...queueOf(storageAccount(ACCOUNT)));
    await queue.sendMessage(JSON.stringify({ vmId: idOf('term-service') }));
    while ((await theatre.rdpOf('term-service')).state !== 'healthy') await sleep(100);
    await theatre.stage.host.finished(instanceIdOf(idOf('term-service').toLowerCase()));
  });

  it('twice joins the remediation that is under way', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => theatre.stage.call('POST', '/api/remediations', { vmId: idOf('rdp-listener') })),
    );
    expect([first?.status, second?.status]).toEqual([202, 202]);
    expect(first?.headers.get('location')).toBe(second?.headers.get('location'));
    expect(first?.headers.get('retry-after')).not.toBeNull();
    await theatre.stage.host.finished(instanceIdOf(idOf('rdp-listener').toLowerCase()));
  });
});

function resolved(alert: unknown): unknown {
  return JSON.parse(JSON.stringify(alert).replace('"Fired"', '"Resolved"'));
}

function queueOf(connectionString: string): [string, string] {
  return [connectionString, 'remediation-requests'];
}
