import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { createScaledClock } from '../../lab/clock/scaled.ts';
import { disableAgent } from '../../lab/fleet/faults/settings.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { askRdp } from '../../local/demo/fleet-view.ts';
import { APPROVER_SECRET, openStage, type Stage } from '../../local/stage.ts';
import { explainAnswerSchema, listAnswerSchema } from '../../shared/model/answers.ts';
import { remediationRecordSchema } from '../../shared/model/record.ts';
import { storageAccount } from '../support/storage.ts';
import { run, type Ended } from './support/command.ts';
import { describeInRows } from '../support/rows.ts';

const now = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-cli-'));

let stage: Stage;
let app: (words: readonly string[], env?: Record<string, string>) => Promise<Ended>;
beforeAll(async () => {
  stage = await openStage({
    clock: createScaledClock({ epoch: now, startedAtRealMs: now, rate: 100 }),
    folder,
    storage: storageAccount(151),
    fleet: [
      ...['healthy', 'tls-agent-not-ready'].map((name) => fleetVm(name, { now })),
      fleetVm('term-service', { now, faults: [disableAgent] }),
    ],
    probeSeconds: 2,
    policy: {
      limits: { coolDownMinutes: 0, attemptsPerDay: 100 },
      sources: { caller: { approval: ['offline'] } },
    },
  });
  const key = { RDP_MEDIC_STATE: folder, RDP_MEDIC_KEY: stage.host.functionKey };
  app = (words, env = {}) => run([...words, '--app', stage.host.url], { ...key, ...env });
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

const APPROVER = { RDP_MEDIC_APPROVER_SECRET: APPROVER_SECRET };
const json = <S extends z.ZodType>(schema: S, { output }: Ended): z.output<S> =>
  schema.parse(JSON.parse(output));
const idOf = (name: string): string => stage.lab.vm(name).id;

async function untilPhase(id: string, phase: string): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    const answer: unknown = await (await stage.call('GET', `/api/remediations/${id}`)).json();
    if (z.object({ phase: z.string() }).parse(answer).phase === phase) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${id} did not come to ${phase}.`);
}

describeInRows('The same words at a deployed app', () => {
  it('a repair, approved by another call, and taken back afterwards', async () => {
    const started = await app(['repair', idOf('tls-agent-not-ready'), '--yes', '--no-wait']);
    expect(started.code).toBe(6);
    const id = started.output.trim();
    await untilPhase(id, 'approval');

    expect((await app(['show', id])).output).toMatch(
      /Take tls-agent-not-ready offline .*\?.*\nApprove with: rdp-medic approve/,
    );
    // A key alone approves nothing, and nobody is asked where nobody sits.
    expect(await app(['approve', id, '--yes'])).toMatchObject({
      code: 7,
      errors: expect.stringContaining('RoleMissing'),
    });
    expect(await app(['approve', id], APPROVER)).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/--plan [0-9a-f]{64}/),
    });
    expect(await app(['approve', id, '--yes'], APPROVER)).toMatchObject({ code: 0 });

    const watched = await app(['watch', 'tls-agent-not-ready', '--json']);
    const record = json(remediationRecordSchema, watched);
    expect(record).toMatchObject({ id, outcome: { kind: 'repaired-offline' } });
    expect(await askRdp(stage.lab, 'tls-agent-not-ready')).toMatchObject({ state: 'healthy' });

    const since = record.originalDisk?.wayBack?.writesSince ?? '';
    const asked = await app(['rollback', id], APPROVER);
    expect(asked).toMatchObject({ code: 2, errors: expect.stringContaining(`--accept-loss ${since}`) });
    const back = await app(['rollback', id, '--accept-loss', since, '--json'], APPROVER);
    expect(json(remediationRecordSchema, back)).toMatchObject({ outcome: { kind: 'rolled-back' } });
    expect((await askRdp(stage.lab, 'tls-agent-not-ready')).state).not.toBe('healthy');
  });

  it('a repair that waits for a person is cancelled, and what was done is taken back', async () => {
    const { output } = await app(['repair', idOf('term-service'), '--yes', '--no-wait', '--json']);
    const { id } = z.object({ id: z.string() }).parse(JSON.parse(output));
    await untilPhase(id, 'approval');
    const cancelled = await app(['cancel', id, '--by', 'on-call', '--json']);
    expect(cancelled.code).toBe(0);
    expect(json(remediationRecordSchema, cancelled)).toMatchObject({
      outcome: { kind: 'cancelled' },
      cancelled: { by: 'on-call' },
    });
  });

  it('a VM that is well is left alone, and the list tells of all', async () => {
    const { code, output } = await app(['repair', idOf('healthy'), '--mode', 'online', '--yes']);
    expect(code).toBe(0);
    expect(output).toMatch(/^healthy: Healthy/);
    const list = json(listAnswerSchema, await app(['list', '--json']));
    expect(list.remediations.map(({ outcome }) => outcome)).toEqual([
      'healthy',
      'cancelled',
      'rolled-back',
      'repaired-offline',
    ]);
  });

  it('the policy explains itself, and a refusal has an exit code of its own', async () => {
    const explained = await app(['policy', 'explain', idOf('healthy'), '--json']);
    expect(json(explainAnswerSchema, explained)).toMatchObject({ decision: 'allowed-after-approval' });
    const refused = await app(['repair', idOf('healthy'), '--restart-way', 'x', '--yes']);
    expect(refused).toMatchObject({ code: 2, errors: expect.stringContaining('unknown option') });
    const wide = await app(['repair', idOf('healthy'), '--yes', '--accept-loss', 'vm-id']);
    expect(wide).toMatchObject({
      code: 4,
      output: '',
      errors: expect.stringMatching(/rule accepted-losses/),
    });
  });

  it('the report is a file as it is asked for', async () => {
    const file = join(folder, 'report.html');
    expect(await app(['report', 'healthy', '--format', 'html', '-o', file])).toMatchObject({
      code: 0,
      output: '',
    });
    expect((await app(['report', 'healthy'])).output).toMatch(/^# healthy: Healthy\n/);
  });
});

describe('Who is let in', () => {
  it('nobody with another key, and no secret is printed', async () => {
    const wrong = await app(['list'], { RDP_MEDIC_KEY: 'not-the-key' });
    expect(wrong).toMatchObject({
      code: 7,
      output: '',
      errors: expect.stringMatching(/rejected your credentials/),
    });
    expect(wrong.errors).not.toContain('not-the-key');
  });

  it.each([
    ['an address with a key in it', 'https://app.example/?code=secret', /contains a key/],
    ['an address that anybody on the way could read', 'http://app.example', /Use https/],
    ['what is none', 'ftp://app.example', /is not a valid app address/],
  ])('no secret goes to %s', async (_what, address, says) => {
    const ended = await run(['list', '--app', address], { RDP_MEDIC_KEY: 'a-key', RDP_MEDIC_STATE: folder });
    expect(ended).toMatchObject({ code: 2, errors: expect.stringMatching(says) });
    expect(ended.errors).not.toContain('secret');
  });

  it('and where nobody answers, it says so', async () => {
    const ended = await run(['list', '--app', 'http://127.0.0.1:9'], {
      RDP_MEDIC_KEY: 'a-key',
      RDP_MEDIC_STATE: folder,
    });
    expect(ended).toMatchObject({
      code: 7,
      errors: expect.stringMatching(/Cannot connect to http:\/\/127\.0\.0\.1:9/),
    });
  });
});
