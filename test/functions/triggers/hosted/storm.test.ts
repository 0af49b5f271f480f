import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueServiceClient } from '@azure/storage-queue';
import * as z from 'zod';
import { createVirtualClock } from '../../../../lab/clock/virtual.ts';
import { startHost, type EmbeddedHost } from '../../../../local/host/start-host.ts';
import { queueAnswerSchema } from '../../../../shared/model/page-answers.ts';
import { instanceIdOf } from '../../../../shared/model/remediation-id.ts';
import { payloadOf } from '../../../shared/intake/fixtures.ts';
import { whyNotAllRows } from '../../../support/rows.ts';
import { storageAccount } from '../../../support/storage.ts';

const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';
const HOST_JSON = join(import.meta.dirname, '../../../../host.json');
const APP = join(import.meta.dirname, 'app.ts');
const SECRET = 'a secret of the storm';
const KEY = 'the-key';
const MASTER_KEY = 'the-master-key';

const vmIdOf = (index: number): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-storm/providers/Microsoft.Compute/virtualMachines/vm-${index}`;
const canonical = (index: number): string => vmIdOf(index).toLowerCase();
const alertText = JSON.stringify(payloadOf('alerts', 'metric-static'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'storm-'));
  process.env['RDP_MEDIC_SECRET_GENERIC'] = SECRET;
});
afterAll(() => {
  delete process.env['RDP_MEDIC_SECRET_GENERIC'];
  rmSync(folder, { recursive: true });
});

interface Trigger {
  readonly path: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}
/** The nth trigger for a VM: an alert, a manual call or a ticket, with the id in one of its spellings. */
function triggerFor(vm: number, nth: number): Trigger {
  const spellings = [vmIdOf(vm), canonical(vm), vmIdOf(vm).toUpperCase(), `${vmIdOf(vm)}/`];
  const vmId = spellings[nth % spellings.length] ?? '';
  if (nth % 3 === 0) {
    const targets = `"alertTargetIDs":${JSON.stringify([vmId])}`;
    return {
      path: '/api/alerts',
      body: alertText.replace(/"alertTargetIDs":\[[^\]]*\]/, targets),
      headers: {},
    };
  }
  if (nth % 3 === 1) return { path: '/api/remediations', body: JSON.stringify({ vmId }), headers: {} };
  const body = JSON.stringify({ vmId, ticket: `T-${vm}-${nth}` });
  const stamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', SECRET).update(`${stamp}.${body}`).digest('hex');
  return {
    path: '/api/tickets/generic',
    body,
    headers: { 'x-rdp-medic-timestamp': stamp, 'x-rdp-medic-signature': `sha256=${signature}` },
  };
}

/** Sends a trigger; gives back the address that it was answered with. */
async function fire(url: string, { path, body, headers }: Trigger): Promise<string> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-functions-key': KEY, ...headers },
  });
  const text = await response.text();
  const location = /"location":"([^"]+)"/.exec(text)?.[1];
  if (response.status !== 202 || location === undefined) throw new Error(`${response.status} ${text}`);
  return new URL(location).pathname;
}

const instanceSchema = z.array(z.object({ instanceId: z.string(), runtimeStatus: z.string() }));
/** Every instance that the engine knows. */
async function instances(url: string): Promise<string[]> {
  const response = await fetch(`${url}/runtime/webhooks/durabletask/instances?code=${MASTER_KEY}&top=1000`);
  return instanceSchema.parse(await response.json()).map(({ instanceId }) => instanceId);
}

/** In the lab's minute; each is a call over HTTP, and takes as long as one. */
const TRIGGERS = whyNotAllRows === undefined ? 3000 : 300;

describe(`A storm of ${String(TRIGGERS)} triggers for 100 VMs within a minute of lab time`, () => {
  let host: EmbeddedHost;
  let answers: { vm: number; address: string }[];
  const account = 21;
  // Held throughout: all of it happens in one moment of lab time, and the janitor's day does not come.
  const clock = createVirtualClock(Date.now());
  const release = clock.hold();
  const figures = { triggers: 0, answered: 0, remediations: 0, labSeconds: 0, realSeconds: 0 };

  beforeAll(async () => {
    process.env['AzureWebJobsStorage'] = storageAccount(account);
    host = await startHost({
      entry: APP,
      hostJson: HOST_JSON,
      statePath: join(folder, 'storm.db'),
      clock,
      storageConnection: storageAccount(account),
      functionKey: KEY,
      masterKey: MASTER_KEY,
    });
    const triggers = Array.from({ length: TRIGGERS }, (_, index) => ({
      vm: index % 100,
      nth: Math.floor(index / 100),
    }));
    // As many at a time as a busy front end lets through: the first for each VM come together with the second.
    const next = triggers.values();
    answers = [];
    const worker = async (): Promise<void> => {
      for (const { vm, nth } of next)
        answers.push({ vm, address: await fire(host.url, triggerFor(vm, nth)) });
    };
    const [labStart, realStart] = [clock.now(), performance.now()];
    await Promise.all(Array.from({ length: 200 }, worker));
    figures.triggers = triggers.length;
    figures.answered = answers.length;
    figures.labSeconds = (clock.now() - labStart) / 1000;
    figures.realSeconds = Math.round((performance.now() - realStart) / 100) / 10;
    figures.remediations = (await instances(host.url)).length;
  });
  afterAll(async () => {
    process.stdout.write(`storm: ${JSON.stringify(figures)}\n`);
    release();
    await host.close();
  });

  it('ends in exactly 100 remediations', async () => {
    const expected = Array.from({ length: 100 }, (_, vm) => instanceIdOf(canonical(vm)));
    expect((await instances(host.url)).sort()).toEqual(expected.sort());
    expect(figures).toMatchObject({ triggers: TRIGGERS, answered: TRIGGERS, remediations: 100 });
    expect(figures.labSeconds).toBeLessThanOrEqual(60);
  });

  it('answers every trigger with the address of its VM’s remediation', () => {
    expect(answers).toHaveLength(TRIGGERS);
    const addresses = Map.groupBy(answers, ({ vm }) => vm);
    for (const [vm, ofVm] of addresses) {
      expect(new Set(ofVm.map(({ address }) => address)).size).toBe(1);
      expect(ofVm[0]?.address).toContain(instanceIdOf(canonical(vm)));
    }
  });

  it('can be followed at those addresses', async () => {
    const response = await fetch(`${host.url}${answers[0]?.address ?? ''}`, {
      headers: { 'x-functions-key': KEY },
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ phase: 'starting', vmId: canonical(answers[0]?.vm ?? -1) });
  });

  it('lets the next VM wait in the queue, since all places are taken', async () => {
    const body = JSON.stringify({ vmId: vmIdOf(100) });
    const headers = { 'content-type': 'application/json', 'x-functions-key': KEY };
    const response = await fetch(`${host.url}/api/remediations`, { method: 'POST', body, headers });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ status: 'queued', vmId: canonical(100) });
    expect(await instances(host.url)).toHaveLength(100);
  });

  it('takes messages of the queue in either encoding, and watches the poison queue', async () => {
    const service = QueueServiceClient.fromConnectionString(storageAccount(account));
    const message = JSON.stringify({ vmId: vmIdOf(7) });
    const requests = service.getQueueClient('remediation-requests');
    await requests.sendMessage(message);
    await requests.sendMessage(Buffer.from(message).toString('base64'));
    await requests.sendMessage('nonsense');
    const poison = service.getQueueClient('remediation-requests-poison');
    await poison.createIfNotExists();
    await poison.sendMessage(message);
    const listSchema = z.object({
      poison: z.array(z.object({ queue: z.string(), problem: z.object({ code: z.string() }) })),
    });
    let messages: z.infer<typeof listSchema>['poison'] = [];
    while (messages.length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const response = await fetch(`${host.url}/api/remediations`, { headers: { 'x-functions-key': KEY } });
      messages = listSchema.parse(await response.json()).poison;
    }
    expect(messages.map(({ queue, problem }) => `${queue}: ${problem.code}`).sort()).toEqual([
      'remediation-requests-poison: Internal',
      'remediation-requests: BodyNotJson',
    ]);
    expect(await instances(host.url)).toHaveLength(100);
  });

  it('tells who waits, and what was put aside, each with the reason', async () => {
    const answer = await fetch(`${host.url}/api/queue`, { headers: { 'x-functions-key': KEY } });
    expect(answer.status).toBe(200);
    const { queued, poison } = queueAnswerSchema.parse(await answer.json());
    expect(queued).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          vm: expect.objectContaining({ name: 'vm-100' }),
          reason: 'the limit of 100 concurrent remediations in the subscription is reached',
        }),
      ]),
    );
    expect(poison.map(({ vm, problem }) => `${vm?.name ?? 'unreadable'}: ${problem.code}`).sort()).toEqual([
      'unreadable: BodyNotJson',
      'vm-7: Internal',
    ]);
  });

  it('asks for the key everywhere but at the health address, and answers 405 itself', async () => {
    const status = async (path: string, init?: RequestInit) =>
      (await fetch(`${host.url}${path}`, init)).status;
    expect(await status('/api/health')).toBe(200);
    for (const path of ['/api/remediations', '/api/openapi.json', '/api/policy/explain']) {
      expect(await status(path)).toBe(401);
    }
    expect(await status('/api/alerts', { method: 'POST', body: '{}' })).toBe(401);
    const wrong = await fetch(`${host.url}/api/alerts`, {
      method: 'DELETE',
      headers: { 'x-functions-key': KEY },
    });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('Two host processes over one state', () => {
  const children: ChildProcess[] = [];
  afterAll(() =>
    Promise.all(
      children.map(async (child) => {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }),
    ),
  );

  async function startProcess(state: string): Promise<string> {
    const child = spawn(
      join(import.meta.dirname, '../../../../node_modules/.bin/node'),
      [
        'local/host/main.ts',
        ...['--entry', APP, '--host-json', HOST_JSON, '--state', state],
        ...['--key', KEY, '--master-key', MASTER_KEY],
      ],
      {
        cwd: join(import.meta.dirname, '../../../..'),
        // Another one than before: what is still queued there would be begun here.
        env: { ...process.env, AzureWebJobsStorage: storageAccount(320) },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    children.push(child);
    for await (const line of child.stdout)
      return z.object({ url: z.string() }).parse(JSON.parse(String(line))).url;
    throw new Error('the host did not start');
  }

  it('make one remediation of two triggers in the same instant, VM after VM', async () => {
    const state = join(folder, 'two.db');
    const [first, second] = await Promise.all([startProcess(state), startProcess(state)]);
    for (let vm = 0; vm < 20; vm++) {
      const addresses = await Promise.all([
        fire(first, triggerFor(vm, 0)),
        fire(second, triggerFor(vm, 1)),
        fire(first, triggerFor(vm, 2)),
        fire(second, triggerFor(vm, 3)),
      ]);
      expect(new Set(addresses).size).toBe(1);
    }
    const seen = await instances(second);
    expect(seen).toHaveLength(20);
    expect(new Set(seen).size).toBe(20);
  });
});
