import type { RemediationRecord } from '../../../shared/model/record.ts';
import { instanceIdOf, newRemediationId } from '../../../shared/model/remediation-id.ts';
import { remediationInputSchema } from '../../../shared/model/request.ts';
import { youngRecord } from '../../shared/report/records.ts';
import { APPROVER_SECRET, createApp, NOW, vmIdOf, type App } from './app.ts';

const SINCE = '2026-02-28T10:00:00.000Z';
const UNTIL = '2026-03-07T10:00:00.000Z';
const LEFT_AS = {
  vmId: 'azure-1',
  osDiskId: '/disks/repaired',
  osDiskUniqueId: 'unique-repaired',
  power: 'running',
  diskState: 'Attached',
  ownershipUpdatedAt: SINCE,
};
const ORIGINAL = {
  id: '/disks/original',
  keptUntil: UNTIL,
  wayBack: { uniqueId: 'unique-original', leftAs: LEFT_AS, writesSince: SINCE },
};

/** A VM that an ended remediation left on its repaired disk, and its record. */
function repaired(app: App, overrides: Partial<RemediationRecord> = {}): RemediationRecord {
  const vmId = app.addVm('tls');
  app.vms.standings.set(vmId, LEFT_AS);
  const young = youngRecord();
  const record: RemediationRecord = {
    ...young,
    id: newRemediationId(instanceIdOf(vmId), NOW - 24 * 3_600_000),
    vm: { ...young.vm, id: vmId },
    phase: 'ended',
    endedAt: SINCE,
    originalDisk: ORIGINAL,
    ...overrides,
  };
  app.records.records.set(record.id, record);
  return record;
}

const instance = (): string => instanceIdOf(vmIdOf('tls').toLowerCase());

const rollBack = (app: App, id: string, body: unknown = { acceptLoss: SINCE }) =>
  app.call(`/api/remediations/${id}/rollback`, {
    body,
    headers: { 'x-rdp-medic-approver': APPROVER_SECRET },
  });

/** Nothing was started, and no place is held. */
async function expectNothingStarted(app: App): Promise<void> {
  expect(app.engine.started).toBe(0);
  expect(await app.intake.placeHolders('00000000-0000-4000-8000-000000000001')).toEqual([]);
}

describe('POST /api/remediations/{id}/rollback', () => {
  it('starts a remediation of its own on the VM, and says where to follow', async () => {
    const app = createApp();
    const { id, request } = repaired(app);
    const answer = await rollBack(app, id, { acceptLoss: SINCE, by: 'me' });
    expect(answer.status).toBe(202);
    const input = remediationInputSchema.parse(app.engine.instances.get(instance())?.input);
    expect(input.rollback).toEqual({ of: id, disk: ORIGINAL, by: 'me' });
    expect(input.request.options.keepDays).toBe(request.options.keepDays);
    expect(input.remediationId).not.toBe(id);
    expect(answer.body).toMatchObject({ id: input.remediationId, status: 'started' });
    expect(answer.headers.get('location')).toContain(input.remediationId);
  });

  it('goes back once where it is asked twice', async () => {
    const app = createApp();
    const { id } = repaired(app);
    const first = await rollBack(app, id);
    const second = await rollBack(app, id);
    expect(second.status).toBe(202);
    expect(second.body).toMatchObject({ status: 'joined', location: first.headers.get('location') });
    expect(app.engine.started).toBe(1);
  });

  it('goes back once where it is asked twice in the same instant', async () => {
    const app = createApp();
    const { id } = repaired(app);
    app.engine.raceOf(2);
    const answers = await Promise.all([rollBack(app, id), rollBack(app, id)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1);
    expect(app.engine.started).toBe(1);
  });

  it('is joined by whoever requests a repair meanwhile', async () => {
    const app = createApp();
    const { id } = repaired(app);
    const { headers } = await rollBack(app, id);
    const { body } = await app.call('/api/remediations', { body: { vmId: vmIdOf('tls') } });
    expect(body).toMatchObject({ status: 'joined', location: headers.get('location') });
  });

  it('takes the same moment in another time zone', async () => {
    const app = createApp();
    const { id } = repaired(app);
    expect((await rollBack(app, id, { acceptLoss: '2026-02-28T11:00:00+01:00' })).status).toBe(202);
  });

  it.each([['2026-02-28T09:59:59.999Z'], ['2026-02-28T10:00:00.001Z']])(
    'names the moment to accept where another is sent: %s',
    async (acceptLoss) => {
      const app = createApp();
      const { id } = repaired(app);
      const { status, body } = await rollBack(app, id, { acceptLoss });
      expect(status).toBe(409);
      expect(body).toMatchObject({
        code: 'LossNotAccepted',
        detail: expect.stringContaining(`"acceptLoss": "${SINCE}"`) as string,
      });
      await expectNothingStarted(app);
    },
  );

  it.each<[string, Partial<RemediationRecord>]>([
    ['that has not ended', { endedAt: undefined }],
    ['that gave the VM no other disk', { originalDisk: undefined }],
    ['that does not tell how it left the VM', { originalDisk: { id: ORIGINAL.id, keptUntil: UNTIL } }],
    [
      'whose original is kept no longer',
      { originalDisk: { ...ORIGINAL, keptUntil: '2026-03-01T12:00:00.000Z' } },
    ],
  ])('is 409 for a remediation %s', async (_which, overrides) => {
    const app = createApp();
    const { id } = repaired(app, overrides);
    const { status, body } = await rollBack(app, id);
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'NothingToRollBack' });
    await expectNothingStarted(app);
  });

  it.each([
    ['another disk is under it', { osDiskId: '/disks/restored' }],
    ['another disk of that name is under it', { osDiskUniqueId: 'unique-restored' }],
    ['it is another VM of that name', { vmId: 'azure-2' }],
  ])('is 409 where %s', async (_what, changed) => {
    const app = createApp();
    const { id, vm } = repaired(app);
    app.vms.standings.set(vm.id, { ...LEFT_AS, ...changed });
    const { status, body } = await rollBack(app, id);
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'NothingToRollBack' });
    await expectNothingStarted(app);
  });

  it('takes a VM that was switched off and on since, and one in its cool-down', async () => {
    const app = createApp({ policy: { limits: { coolDownMinutes: 1440, attemptsPerDay: 1 } } });
    const { id, vm } = repaired(app);
    app.vms.standings.set(vm.id, { ...LEFT_AS, ownershipUpdatedAt: '2026-03-01T11:00:00.000Z' });
    app.records.summaries.push({
      id,
      vmId: vm.id,
      phase: 'ended',
      outcome: 'repaired-offline',
      startedAt: SINCE,
      endedAt: new Date(NOW).toISOString(),
    });
    expect((await rollBack(app, id)).status).toBe(202);
  });

  it.each([
    ['the kill switch is on', { killSwitch: true }, {}],
    [
      'its subscription is not listed',
      { scope: { subscriptions: ['00000000-0000-4000-8000-000000000009'] } },
      {},
    ],
    ['it is opted out', {}, { 'rdp-medic': 'disabled' }],
    ['operators may not have a VM taken down', { sources: { operator: { modes: ['online' as const] } } }, {}],
  ])('is 403 where %s', async (_why, policy, tags) => {
    const app = createApp({ policy });
    const { id } = repaired(app);
    app.addVm('tls', { tags });
    const { status, body } = await rollBack(app, id);
    expect(body).toMatchObject({ code: 'PolicyRefused' });
    expect(status).toBe(403);
    await expectNothingStarted(app);
  });

  it('is 409 for a VM that its owner has stopped, and for one that was made again under its name', async () => {
    const app = createApp();
    const { id, vm } = repaired(app);
    app.addVm('tls', { powerState: 'deallocated' });
    expect(await rollBack(app, id)).toMatchObject({ status: 409, body: { code: 'VmNotRunning' } });
    app.addVm('tls');
    app.vms.standings.delete(vm.id);
    const gone = await rollBack(app, id);
    expect(gone).toMatchObject({ status: 409, body: { code: 'NothingToRollBack' } });
    expect(gone.text).toContain('it no longer exists');
    await expectNothingStarted(app);
  });

  it('is 409 while something else goes on on that VM', async () => {
    const app = createApp();
    const { id } = repaired(app);
    await app.call('/api/remediations', { body: { vmId: vmIdOf('tls') } });
    const { status, body } = await rollBack(app, id);
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'VmBusy' });
    expect(app.engine.started).toBe(1);
  });

  it('is 429 while all places of the subscription are held', async () => {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 1 } } });
    const { id } = repaired(app);
    app.addVm('other');
    await app.call('/api/remediations', { body: { vmId: vmIdOf('other') } });
    const { status, body, headers } = await rollBack(app, id);
    expect(status).toBe(429);
    expect(body).toMatchObject({ code: 'NoPlace' });
    expect(headers.get('retry-after')).toBe('60');
  });

  it('is 404 for an id that nobody knows, and where the VM is gone', async () => {
    const app = createApp();
    const { id, vm } = repaired(app);
    expect((await rollBack(app, 'vm-1')).body).toMatchObject({ code: 'NotFound' });
    expect((await rollBack(app, newRemediationId(instance(), NOW))).status).toBe(404);
    app.vms.vms.delete(vm.id);
    const gone = await rollBack(app, id);
    expect(gone.status).toBe(404);
    expect(gone.body).toMatchObject({ code: 'VmNotFound' });
  });

  it.each([
    [{}],
    [{ acceptLoss: 'yes' }],
    [{ acceptLoss: SINCE, force: true }],
    [{ acceptLoss: SINCE, by: '' }],
  ])('is 400 for %j', async (body) => {
    const app = createApp();
    const { id } = repaired(app);
    expect((await rollBack(app, id, body)).status).toBe(400);
    await expectNothingStarted(app);
  });
});
