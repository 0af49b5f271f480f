import { QueueClient } from '@azure/storage-queue';
import * as z from 'zod';
import { fleetVm } from '../../lab/fleet/index.ts';
import { alertFor } from '../../local/demo/alert.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { collectMetrics, type CollectedMetrics } from '../support/metrics.ts';
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
let collected: CollectedMetrics;
beforeAll(async () => {
  collected = collectMetrics();
  const names = ['healthy', 'stopped', 'linux', 'peer', 'rdp-denied', 'term-service', 'rdp-listener'];
  theatre = await openTheatre(ACCOUNT, { fleet: names.map((name) => fleetVm(name, { now })) });
});
afterAll(async () => {
  await theatre.close();
  await collected.close();
});

const idOf = (name: string): string => theatre.stage.lab.vm(name).id;
const started = async (): Promise<number> =>
  listSchema.parse(await (await theatre.stage.call('GET', '/api/remediations')).json()).remediations.length;

describe('bad input', () => {
  it.each<[string, number, string, () => unknown]>([
    ['a body that is not JSON', 400, 'BodyNotJson', () => '{"vmId": '],
    ['a body over the limit', 413, 'BodyTooLarge', () => JSON.stringify({ vmId: 'a'.repeat(256 * 1024) })],
    ['deep nesting', 400, 'BodyNotJson', () => '['.repeat(9000) + ']'.repeat(9000)],
    ['a key that comes twice', 400, 'BodyNotJson', () => `{"vmId":"${NOBODY}","vmId":"${idOf('peer')}"}`],
    ['another cloud’s id', 400, 'RequestInvalid', () => ({ vmId: 'arn:aws:ec2:eu-west-1:1:instance/i-1' })],
    ['a look-alike', 400, 'RequestInvalid', () => ({ vmId: idOf('peer').replace('peer', 'рeer') })],
    [
      'an instance of a scale set',
      422,
      'UniformScaleSet',
      () => ({ vmId: NOBODY.replace('virtualMachines', 'virtualMachineScaleSets/s/virtualMachines') }),
    ],
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

  it('another content type is 415, another method 405, told as problem details', async () => {
    const { url, functionKey } = theatre.stage.host;
    const headers = { 'x-functions-key': functionKey };
    const form = await fetch(`${url}/api/alerts`, { method: 'POST', body: 'vmId=1', headers });
    expect(problemSchema.parse(await form.json())).toMatchObject({
      status: 415,
      code: 'ContentTypeUnsupported',
    });
    expect(form.status).toBe(415);
    const put = await fetch(`${url}/api/remediations`, { method: 'PUT', body: '{}', headers });
    expect(problemSchema.parse(await put.json())).toMatchObject({ status: 405, code: 'MethodNotAllowed' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
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
    await theatre.stage.host.finished(instanceIdOf(idOf('term-service').toLowerCase()));
    expect(await theatre.rdpOf('term-service')).toMatchObject({ state: 'healthy' });
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

describe('what was counted of all that', () => {
  it('is a start for each repair, whichever way it was asked for, and no more', async () => {
    const requests = await collected.seriesOf('rdp_medic.requests');
    expect(requests.filter((series) => series.includes('result=started'))).toEqual([
      'result=started source=alert: 1',
      'result=started source=manual: 1',
      'result=started source=queue: 1',
    ]);
    expect(requests).toEqual(
      expect.arrayContaining([
        'code=NotWindows result=refused source=manual: 1',
        'code=VmNotRunning result=refused source=alert: 1',
        'result=joined source=manual: 1',
      ]),
    );
  });

  it('is an end for each repair, with its cause and a time', async () => {
    expect(await collected.seriesOf('rdp_medic.remediations.ended')).toEqual([
      'mode=full outcome=repaired-online: 3',
    ]);
    expect(await collected.seriesOf('rdp_medic.causes')).toEqual(
      ['rdp-denied', 'rdp-listener', 'term-service'].map(
        (cause) => `cause=${cause} outcome=repaired-online: 1`,
      ),
    );
    const [duration = ''] = await collected.seriesOf('rdp_medic.remediation.duration');
    expect(Number(duration.split(': ')[1])).toBeGreaterThan(0);
  });
});

function resolved(alert: unknown): unknown {
  return JSON.parse(JSON.stringify(alert).replace('"Fired"', '"Resolved"'));
}

function queueOf(connectionString: string): [string, string] {
  return [connectionString, 'remediation-requests'];
}
