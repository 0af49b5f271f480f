import { parseActors } from '../../lab/actors/parse.ts';
import { sleep } from '../../lab/clock/sleep.ts';
import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { counterOn, giveWriter } from '../../lab/windows/writer.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { stateUnder } from './support/end-states.ts';
import { expectNothingLeft, expectSameVm, requestFor } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
const clock = createVirtualClock(now);
const HOUR = 3_600_000;

let theatre: Theatre;
beforeAll(async () => {
  const names = [
    'by-swap',
    'by-rebuild',
    'there-and-back',
    'restored',
    'restored-early',
    'made-anew',
    'other-loss',
  ];
  const faulty = ['refused', 'no-start', 'kept-gone', 'lost'];
  const fleet = [...names, ...faulty].map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    giveWriter(spec.osDisk);
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(70, { clock, fleet });
}, 60_000);
afterAll(() => theatre.close());

/** Repairs a VM offline, and lets it serve for an hour. */
async function repaired(name: string, request = requestFor('swap')): Promise<RemediationRecord> {
  const record = await theatre.remediate(name, request);
  expect(record.outcome?.kind).toBe('repaired-offline');
  await sleep(clock, HOUR);
  return record;
}

/** What the record names as given up by going back. */
function lossOf({ originalDisk }: RemediationRecord): string {
  return originalDisk?.wayBack?.writesSince ?? '';
}

const goBack = (record: RemediationRecord): Promise<RemediationRecord> =>
  theatre.rollBack(record.id, { acceptLoss: lossOf(record), by: 'the day shift' });

const refusal = async ({ id }: RemediationRecord, acceptLoss: string): Promise<unknown> => {
  const answer = await theatre.stage.call('POST', `/api/remediations/${id}/rollback`, { acceptLoss });
  return { status: answer.status, body: await answer.json() };
};

function writesOn(diskId = ''): number {
  return counterOn(theatre.stage.lab.disk(diskId).content) ?? Number.NaN;
}

/** Calls of the service that switch this VM or give it another disk, since so many calls. */
function deedsOn(name: string, since: number): string[] {
  const onVm = new RegExp(`/virtualMachines/${name}(/(start|deallocate|restart))?$`, 'i');
  return theatre.stage.lab
    .requests()
    .slice(since)
    .filter(({ method, path }) => method !== 'GET' && onVm.test(path))
    .map(({ method, path }) => `${method} ${path.split('/').at(-1) ?? ''}`);
}

/** The VM runs on its repaired disk, and the original is kept by whom it was kept before. */
function expectRepairedAsBefore(name: string, repair: RemediationRecord, repairedDisk: string): void {
  expect(theatre.osDiskOf(name).id).toBe(repairedDisk);
  expect(theatre.stage.lab.vm(name).power).toBe('running');
  expect(stateUnder(theatre, name).tls12).toBe(true);
  expectKeptBy(repair, repair.originalDisk?.id, repair.originalDisk?.keptUntil);
  expect(theatre.stage.lab.disk(repairedDisk).tags ?? {}).not.toHaveProperty('rdp-medic-role');
}

function expectKeptBy({ id }: RemediationRecord, diskId = '', until: string | undefined): void {
  expect(theatre.stage.lab.disk(diskId).tags).toMatchObject({
    'rdp-medic-role': 'original-disk',
    'rdp-medic-remediation': id,
    'rdp-medic-expires': until,
  });
}

describe('a VM that a person takes back from its repaired disk', () => {
  it.each(['swap', 'rebuild'] as const)(
    'runs on its original disk, and keeps what was written since on the other, after a %s',
    async (way) => {
      const name = `by-${way}`;
      const before = structuredClone(theatre.stage.lab.vm(name));
      const original = theatre.osDiskOf(name).id;
      const repair = await repaired(name, requestFor(way));
      const repairedDisk = theatre.osDiskOf(name).id;
      const frozen = writesOn(original);
      const start = theatre.stage.lab.requests().length;

      const record = await goBack(repair);

      expect(record.outcome?.kind).toBe('rolled-back');
      expect(record.errors).toEqual([]);
      expect(record.rollback).toMatchObject({ of: repair.id, by: 'the day shift' });
      expect(deedsOn(name, start)).toEqual(['POST deallocate', `PATCH ${name}`, 'POST start']);
      expect(theatre.osDiskOf(name).id).toBe(original);
      expect(stateUnder(theatre, name).tls12).toBe(false);
      expectSameVm(theatre, name, before);
      // The hour is not on the original, and it is on what is kept.
      expect(writesOn(original) - frozen).toBeLessThan(HOUR / 1000);
      expect(writesOn(repairedDisk) - frozen).toBeGreaterThan(HOUR / 1000);
      const snapshot = counterOn(theatre.stage.lab.snapshot(record.snapshot?.name ?? '').content);
      expect((snapshot ?? 0) - frozen).toBeGreaterThan(HOUR / 1000);
      expect(record.originalDisk?.id).toBe(repairedDisk);
      expectKeptBy(record, repairedDisk, record.originalDisk?.keptUntil);
      expect(theatre.stage.lab.disk(original).tags ?? {}).not.toHaveProperty('rdp-medic-role');
      expect(record.outcome?.summary).toContain(
        `since ${lossOf(repair)} until ${record.rollback?.downAt ?? ''}`,
      );
      expect(record.outcome?.summary).toContain(repairedDisk);
      expectNothingLeft(theatre, record);
    },
  );

  it('goes to the repaired disk once more, by the same call', async () => {
    const name = 'there-and-back';
    const repair = await repaired(name);
    const repairedDisk = theatre.osDiskOf(name).id;
    const back = await goBack(repair);
    const forth = await goBack(back);
    expect(forth.outcome?.kind).toBe('rolled-back');
    expectRepairedAsBefore(name, forth, repairedDisk);
    expectNothingLeft(theatre, forth);
    expect(await refusal(back, lossOf(back))).toMatchObject({
      status: 409,
      body: { code: 'NothingToRollBack' },
    });
  });
});

describe('a rollback is refused, and nothing is touched,', () => {
  it('once somebody has given the VM another disk', async () => {
    const name = 'restored-early';
    const repair = await repaired(name);
    theatre.stage.lab.actors.add(...parseActors(`owner: now -> restore on ${name}`));
    await theatre.stage.lab.actors.idle();
    const restored = theatre.osDiskOf(name).id;
    const start = theatre.stage.lab.requests().length;
    expect(await refusal(repair, lossOf(repair))).toMatchObject({
      status: 409,
      body: {
        code: 'NothingToRollBack',
        detail: expect.stringMatching(/its OS disk is .*restored/) as string,
      },
    });
    expect(deedsOn(name, start)).toEqual([]);
    expect(theatre.osDiskOf(name).id).toBe(restored);
  });

  it('once there is another VM of its name', async () => {
    const name = 'made-anew';
    const repair = await repaired(name);
    theatre.stage.lab.actors.add(...parseActors(`owner: now -> recreate on ${name}`));
    await theatre.stage.lab.actors.idle();
    expect(await refusal(repair, lossOf(repair))).toMatchObject({
      status: 409,
      body: {
        code: 'NothingToRollBack',
        detail: expect.stringContaining('another VM of the same name') as string,
      },
    });
  });

  it('where another loss is accepted than the one it comes to', async () => {
    const repair = await repaired('other-loss');
    const answer = await refusal(repair, new Date(Date.parse(lossOf(repair)) + 1).toISOString());
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'LossNotAccepted', detail: expect.stringContaining(lossOf(repair)) as string },
    });
  });
});

describe('a rollback that comes to nothing', () => {
  it('leaves the VM on the disk that its owner restores while the snapshot is taken', async () => {
    const name = 'restored';
    const repair = await repaired(name);
    const { actors } = theatre.stage.lab;
    actors.add(...parseActors(`owner: PUT:*snapshots/write -> restore on ${name}`));
    const start = theatre.stage.lab.requests().length;
    const record = await goBack(repair);
    await actors.idle();
    expect(actors.pending()).toEqual([]);
    expect(record.outcome?.kind).toBe('failed');
    expect(record.errors.map(({ code }) => code)).toEqual(['Moved']);
    expect(deedsOn(name, start)).toEqual([]);
    expect(theatre.osDiskOf(name).id).toMatch(/-restored-1$/);
    expect(theatre.stage.lab.vm(name).power).toBe('running');
    expectKeptBy(repair, repair.originalDisk?.id, repair.originalDisk?.keptUntil);
    expect(record.cleanup.leftovers).toEqual([]);
  });

  it('takes nothing down where the kept disk is gone', async () => {
    const name = 'kept-gone';
    const repair = await repaired(name);
    const repairedDisk = theatre.osDiskOf(name).id;
    theatre.stage.lab.store.disks.delete(repair.originalDisk?.id ?? '');
    const start = theatre.stage.lab.requests().length;
    const record = await goBack(repair);
    expect(record.outcome).toMatchObject({
      kind: 'failed',
      summary: expect.stringContaining('is gone') as string,
    });
    expect(deedsOn(name, start)).toEqual([]);
    expect(theatre.osDiskOf(name).id).toBe(repairedDisk);
    expectNothingLeft(theatre, record);
  });

  it.each([
    {
      name: 'refused',
      what: 'the swap',
      faults: 'PATCH:*virtualMachines/write=409(PropertyChangeNotAllowed)',
    },
    { name: 'no-start', what: 'the start', faults: '1+4 *start/action=fail(InternalExecutionError)' },
  ])('leaves the VM on its repaired disk, running, when Azure refuses $what', async ({ name, faults }) => {
    const repair = await repaired(name);
    const repairedDisk = theatre.osDiskOf(name).id;
    theatre.stage.lab.faults.add(...parseFaults(faults));
    const record = await goBack(repair);
    expect(theatre.stage.lab.faults.pending()).toEqual([]);
    expect(record.outcome?.kind).toBe('failed');
    expect(record.undo.every(({ done }) => done)).toBe(true);
    expect(record.originalDisk).toBeUndefined();
    expectRepairedAsBefore(name, repair, repairedDisk);
    expectNothingLeft(theatre, record);
    // The way back is as open as before.
    expect((await goBack(repair)).outcome?.kind).toBe('rolled-back');
  });

  it('is taken back by the watchdog where the engine loses it', async () => {
    const name = 'lost';
    const { lab, host } = theatre.stage;
    const repair = await repaired(name);
    const repairedDisk = theatre.osDiskOf(name).id;
    const start = lab.requests().length;
    const isSwapped = (): boolean => deedsOn(name, start).some((deed) => deed.startsWith('PATCH'));
    const begun = await theatre.stage.call('POST', `/api/remediations/${repair.id}/rollback`, {
      acceptLoss: lossOf(repair),
    });
    expect(begun.status).toBe(202);
    await when(isSwapped, () => terminate(name));
    await clock.idle();
    expect((await theatre.stage.call('POST', '/admin/functions/watchdog', {})).status).toBe(202);
    await host.idle();
    await host.finished('watchdog');
    await host.finished(instanceOf(name));
    expectRepairedAsBefore(name, repair, repairedDisk);
  });
});

const instanceOf = (name: string): string => instanceIdOf(theatre.stage.lab.vm(name).id.toLowerCase());

const terminate = (name: string): Promise<Response> =>
  theatre.stage.call(
    'POST',
    `/runtime/webhooks/durabletask/instances/${instanceOf(name)}/terminate?reason=lost`,
  );

/** Does something at a moment; time waits meanwhile. */
async function when(moment: () => boolean, act: () => Promise<unknown>): Promise<void> {
  while (!moment()) await sleep(clock, 2000);
  const release = clock.hold();
  await act();
  release();
}
