import { createVirtualClock, type VirtualClock } from '../../lab/clock/virtual.ts';
import { sleep } from '../../lab/clock/sleep.ts';
import { corruptTermService } from '../../lab/fleet/faults/beyond-repair.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../shared/model/record.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { storageAccount } from '../support/storage.ts';
import { eachOf } from '../support/rows.ts';
import { newestOf } from './support/approval.ts';
import { stateUnder } from './support/end-states.ts';
import { atMoment, MOMENTS } from './support/moments.ts';
import { expectSameVm } from './support/offline-repair.ts';
import { recordsIn } from './support/stored-records.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const ACCOUNT = 64;
const MANAGEMENT = '/runtime/webhooks/durabletask/instances';
const now = Date.now();
let clock: VirtualClock;
const rows = Object.entries(MOMENTS).map(([moment, has], index) => ({ moment, has, name: `lost-${index}` }));

/** What is changed in a running Windows, beside a fault that no script mends. */
const ONLINE = [
  { vm: 'rdp-denied', name: 'let-in', isChanged: (name: string) => !stateUnder(theatre, name).denied },
  {
    vm: 'tls',
    name: 'held-off',
    isChanged: (name: string) => stateUnder(theatre, name).groupPolicy === 4,
  },
];

let theatre: Theatre;
beforeAll(async () => {
  clock = createVirtualClock(now);
  const names = [...rows.map(({ name }) => name), 'gone', 'slow', 'unended'];
  const fleet = names.map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    return { ...rest, spec: { ...spec, name } };
  });
  for (const { vm, name } of ONLINE) {
    const { spec, ...rest } = fleetVm(vm, { now });
    corruptTermService(spec.osDisk);
    fleet.push({ ...rest, spec: { ...spec, name } });
  }
  theatre = await openTheatre(ACCOUNT, { clock, fleet });
});
afterAll(() => theatre.close());

const instanceOf = (name: string): string => instanceIdOf(theatre.stage.lab.vm(name).id.toLowerCase());

async function start(name: string): Promise<void> {
  const { stage } = theatre;
  const answer = await stage.call('POST', '/api/remediations', { vmId: stage.lab.vm(name).id });
  expect(answer.status).toBe(202);
}

/** The engine ends the instance, as an operator or a build that does not fit its history would have it. */
const terminate = (name: string): Promise<Response> =>
  theatre.stage.call('POST', `${MANAGEMENT}/${instanceOf(name)}/terminate?reason=lost`);

/** Sends the watchdog round. */
async function watch(): Promise<void> {
  expect((await theatre.stage.call('POST', '/admin/functions/watchdog', {})).status).toBe(202);
  await theatre.stage.host.idle();
  await theatre.stage.host.finished('watchdog');
}

async function recordOf(name: string): Promise<RemediationRecord> {
  const { stage } = theatre;
  const { id } = await newestOf(theatre, name);
  return remediationRecordSchema.parse(await (await stage.call('GET', `/api/remediations/${id}`)).json());
}

describe('a remediation that the durable engine lost', () => {
  eachOf(rows, 5)('$moment, is ended by the watchdog, and the VM runs', async ({ moment, has, name }) => {
    const { lab } = theatre.stage;
    const before = structuredClone(lab.vm(name));
    const original = theatre.osDiskOf(name);
    const content = structuredClone(original.content);
    await start(name);
    await atMoment(theatre, name, has, () => terminate(name));
    await clock.idle();
    expect((await recordOf(name)).endedAt).toBeUndefined();

    await watch();
    await theatre.stage.host.finished(instanceOf(name));

    const record = await recordOf(name);
    expect(record.errors.map(({ code }) => code)).toContain('InstanceLost');
    expect(record.owner.epoch).toBe(2);
    expect(record.pending).toBeUndefined();
    expectSameVm(theatre, name, before);
    if (moment === 'while Windows boots from the repaired disk') {
      expect(record.outcome?.kind).toBe('repaired-offline');
      expect(record.originalDisk?.id).toBe(original.id);
      expect(record.originalDisk?.wayBack?.leftAs.osDiskId).toBe(theatre.osDiskOf(name).id.toLowerCase());
    } else {
      expect(record.outcome?.kind).toBe('failed');
      expect(theatre.osDiskOf(name)).toEqual({ id: original.id, content });
    }
    expect(record.cleanup.leftovers).toEqual([]);
  });

  it.each(ONLINE)(
    'while $vm is changed online, is ended by the watchdog, and Windows is as it was',
    async ({ name, isChanged }) => {
      const before = stateUnder(theatre, name);
      await start(name);
      await atMoment(
        theatre,
        name,
        () => isChanged(name),
        () => terminate(name),
      );
      await clock.idle();
      expect(stateUnder(theatre, name)).not.toEqual(before);

      await watch();
      await theatre.stage.host.finished(instanceOf(name));
      const record = await recordOf(name);
      expect(record.outcome?.kind).toBe('failed');
      expect(record.undo).toContainEqual(expect.objectContaining({ kind: 'undo-guest-changes', done: true }));
      expect(stateUnder(theatre, name)).toEqual(before);
      expect(theatre.stage.lab.vm(name).power).toBe('running');
      expect(record.cleanup.leftovers).toEqual([]);
    },
  );

  it('is repaired where Windows came up on the copy, though Azure never calls the start done', async () => {
    const { stage } = theatre;
    const original = theatre.osDiskOf('unended').id;
    stage.lab.faults.add(...parseFaults(`*start/action@/unended/=linger(${String(2 * 86_400)})`));
    await start('unended');
    await atMoment(theatre, 'unended', MOMENTS['while Windows boots from the repaired disk'], () =>
      terminate('unended'),
    );
    await sleep(clock, 600_000);
    expect(stage.lab.vm('unended')).toMatchObject({ power: 'running', provisioningState: 'Updating' });
    await watch();
    await stage.host.finished(instanceOf('unended'));

    const record = await recordOf('unended');
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(record.originalDisk?.id).toBe(original);
    expect(theatre.osDiskOf('unended').id).not.toBe(original);
  });

  it('is left to an engine that may merely be slow, until its owner should have signed again', async () => {
    const { stage } = theatre;
    const original = theatre.osDiskOf('gone').id;
    await start('gone');
    await atMoment(theatre, 'gone', MOMENTS['while the copy is repaired'], async () => {
      await terminate('gone');
      await stage.call('DELETE', `${MANAGEMENT}/${instanceOf('gone')}`);
    });
    await clock.idle();
    expect((await stage.call('GET', `${MANAGEMENT}/${instanceOf('gone')}`)).status).toBe(404);
    await watch();
    expect(stage.lab.vm('gone').power).toBe('deallocated');

    await sleep(clock, TIMING.signWithin * 1000);
    await watch();
    await stage.host.finished(instanceOf('gone'));
    expect(stage.lab.vm('gone').power).toBe('running');
    expect(theatre.osDiskOf('gone').id).toBe(original);
    expect((await recordOf('gone')).cleanup.leftovers).toEqual([]);
  });

  it('is fenced off where it was slow only: what it goes on to do is refused', async () => {
    const { stage } = theatre;
    const original = theatre.osDiskOf('slow').id;
    const records = recordsIn(storageAccount(ACCOUNT));
    await start('slow');
    await atMoment(theatre, 'slow', MOMENTS['while the copy is repaired'], async () => {
      const { id, owner } = await recordOf('slow');
      expect(await records.takeOver(id, { ...owner, epoch: 2 })).toBe(true);
    });
    await stage.host.finished(instanceOf('slow'));
    const { owner, endedAt } = await recordOf('slow');
    expect({ epoch: owner.epoch, endedAt }).toEqual({ epoch: 2, endedAt: undefined });
    expect(stage.lab.vm('slow').power).toBe('deallocated');
    expect(theatre.osDiskOf('slow').id).toBe(original);

    await watch();
    await stage.host.finished(instanceOf('slow'));
    expect((await recordOf('slow')).owner.epoch).toBe(3);
    expect(stage.lab.vm('slow').power).toBe('running');
  });
});
