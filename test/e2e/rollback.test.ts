import { sleep } from '../../lab/clock/sleep.ts';
import { createVirtualClock, type VirtualClock } from '../../lab/clock/virtual.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { counterOn, giveWriter } from '../../lab/windows/writer.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { eachOf } from '../support/rows.ts';
import { stateUnder } from './support/end-states.ts';
import { expectNothingLeft, expectSameVm, requestFor } from './support/offline-repair.ts';
import {
  expectKept,
  expectStillRepaired,
  goBack,
  lossOf,
  refusalOf,
  repaired,
  SERVED,
  watchDeeds,
} from './support/rollback.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
let clock: VirtualClock;

let theatre: Theatre;
beforeAll(async () => {
  clock = createVirtualClock(now);
  const names = ['by-swap', 'by-rebuild', 'there-and-back', 'other-loss', 'refused', 'no-start', 'lost'];
  const fleet = names.map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    giveWriter(spec.osDisk);
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(105, { clock, fleet });
});
afterAll(() => theatre.close());

function secondsWritten(diskId: string): number {
  return counterOn(theatre.stage.lab.disk(diskId).content) ?? Number.NaN;
}

describe('a VM that a person takes back from its repaired disk', () => {
  eachOf(['swap', 'rebuild'] as const, 2)(
    'runs on its original disk, and keeps what was written since on the other, after a %s',
    async (way) => {
      const name = `by-${way}`;
      const { lab } = theatre.stage;
      const before = structuredClone(lab.vm(name));
      const original = theatre.osDiskOf(name).id;
      const repair = await repaired(theatre, name, requestFor(way));
      const repairedDisk = theatre.osDiskOf(name).id;
      const frozen = secondsWritten(original);
      const deeds = watchDeeds(theatre, name);

      const record = await goBack(theatre, repair);

      expect(record.outcome?.kind).toBe('rolled-back');
      expect(record.errors).toEqual([]);
      expect(deeds()).toEqual(['POST deallocate', `PATCH ${name}`, 'POST start']);
      expect(theatre.osDiskOf(name).id).toBe(original);
      expect(stateUnder(theatre, name).tls12).toBe(false);
      expectSameVm(theatre, name, before, way);
      // What was written while it served is not on the original, and it is on what is kept.
      const served = SERVED / 1000;
      expect(secondsWritten(original) - frozen).toBeLessThan(served);
      expect(secondsWritten(repairedDisk) - frozen).toBeGreaterThanOrEqual(served);
      const onSnapshot = counterOn(lab.snapshot(record.snapshot?.name ?? '').content) ?? Number.NaN;
      expect(onSnapshot - frozen).toBeGreaterThanOrEqual(served);
      expect(record.originalDisk?.id).toBe(repairedDisk);
      expectKept(theatre, record);
      expect(lab.disk(original).tags ?? {}).not.toHaveProperty('rdp-medic-role');
      expect(record.rollback).toMatchObject({ of: repair.id, by: 'the day shift' });
      const interval = `from ${lossOf(repair)} until ${record.rollback?.downAt ?? ''}`;
      expect(record.outcome?.summary).toContain(interval);
      expect(record.outcome?.summary).toContain(repairedDisk);
      expectNothingLeft(theatre, record);
    },
  );

  it('goes to the repaired disk once more, by the same call', async () => {
    const name = 'there-and-back';
    const repair = await repaired(theatre, name);
    const repairedDisk = theatre.osDiskOf(name).id;
    const back = await goBack(theatre, repair);
    const forth = await goBack(theatre, back);
    expect(forth.outcome?.kind).toBe('rolled-back');
    expectStillRepaired(theatre, name, forth, repairedDisk);
    expectNothingLeft(theatre, forth);
    expect(await refusalOf(theatre, back)).toMatchObject({
      status: 409,
      body: { code: 'NothingToRollBack' },
    });
  });

  it('is told what that costs where another loss is accepted', async () => {
    const name = 'other-loss';
    const repair = await repaired(theatre, name);
    const deeds = watchDeeds(theatre, name);
    const later = new Date(Date.parse(lossOf(repair)) + 1).toISOString();
    expect(await refusalOf(theatre, repair, later)).toMatchObject({
      status: 409,
      body: { code: 'LossNotAccepted', detail: expect.stringContaining(lossOf(repair)) as string },
    });
    expect(deeds()).toEqual([]);
  });
});

describe('a rollback that comes to nothing', () => {
  eachOf(
    [
      {
        name: 'refused',
        what: 'the swap',
        faults: 'PATCH:*virtualMachines/write=409(PropertyChangeNotAllowed)',
      },
      { name: 'no-start', what: 'the start', faults: '1+4 *start/action=fail(InternalExecutionError)' },
    ],
    2,
  )('leaves the VM on its repaired disk, running, when Azure refuses $what', async ({ name, faults }) => {
    const repair = await repaired(theatre, name);
    const repairedDisk = theatre.osDiskOf(name).id;
    theatre.stage.lab.faults.add(...parseFaults(faults));
    const record = await goBack(theatre, repair);
    expect(theatre.stage.lab.faults.pending()).toEqual([]);
    expect(record.outcome?.kind).toBe('failed');
    expect(record.undo.every(({ done }) => done)).toBe(true);
    const whats = record.steps.flatMap(({ actions }) => actions).map(({ what }) => what);
    expect(whats.includes('swap-os-disk')).toBe(name !== 'refused');
    expect(record.originalDisk).toBeUndefined();
    expectStillRepaired(theatre, name, repair, repairedDisk);
    expectNothingLeft(theatre, record);
    // The way back is as open as before.
    expect((await goBack(theatre, repair)).outcome?.kind).toBe('rolled-back');
  });

  it('is taken back by the watchdog where the engine loses it', async () => {
    const name = 'lost';
    const { stage } = theatre;
    const instance = instanceIdOf(stage.lab.vm(name).id.toLowerCase());
    const repair = await repaired(theatre, name);
    const repairedDisk = theatre.osDiskOf(name).id;
    const deeds = watchDeeds(theatre, name);
    const started = await stage.callAsApprover('POST', `/api/remediations/${repair.id}/rollback`, {
      acceptLoss: lossOf(repair),
    });
    expect(started.status).toBe(202);
    while (!deeds().some((deed) => deed.startsWith('PATCH'))) await sleep(clock, 2000);
    const release = clock.hold();
    await stage.call('POST', `/runtime/webhooks/durabletask/instances/${instance}/terminate?reason=lost`);
    release();
    await clock.idle();

    expect((await stage.call('POST', '/admin/functions/watchdog', {})).status).toBe(202);
    await stage.host.idle();
    await stage.host.finished('watchdog');
    await stage.host.finished(instance);
    expectStillRepaired(theatre, name, repair, repairedDisk);
  });
});
