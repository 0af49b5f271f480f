import { parseActors } from '../../../lab/actors/parse.ts';
import { sleep } from '../../../lab/clock/sleep.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import type { RemediationRecord } from '../../../shared/model/record.ts';
import {
  expectKept,
  expectStillRepaired,
  goBack,
  refusalOf,
  repaired,
  watchDeeds,
} from '../support/rollback.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';
import { describeInRows } from '../../support/rows.ts';

const now = Date.now();
/** Longer than anything that somebody does here takes, in milliseconds. */
const A_WHILE = 1_800_000;

let theatre: Theatre;
beforeAll(async () => {
  const names = ['restored', 'made-anew', 'stopped', 'restored-meanwhile', 'started-meanwhile', 'kept-gone'];
  const fleet = names.map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(101, { fleet });
});
afterAll(() => theatre.close());

function act(actors: string): void {
  theatre.stage.lab.actors.add(...parseActors(`owner: ${actors}`));
}

/** Somebody else's word counts, and nothing of the rollback stays but its snapshot. */
function expectMoved({ outcome, errors, cleanup }: RemediationRecord): void {
  expect(theatre.stage.lab.actors.pending()).toEqual([]);
  expect(outcome?.kind).toBe('failed');
  expect(errors.map(({ code }) => code)).toContain('Moved');
  expect(cleanup.leftovers).toEqual([]);
}

describeInRows('A rollback, while others act on the VM', () => {
  describe('a repaired VM is not taken back, and not touched,', () => {
    it.each([
      { name: 'restored', deed: 'restore', code: 'NothingToRollBack', why: 'its OS disk is' },
      {
        name: 'made-anew',
        deed: 'recreate',
        code: 'NothingToRollBack',
        why: 'a different VM with the same name',
      },
      { name: 'stopped', deed: 'deallocate', code: 'VmNotRunning', why: 'deallocated' },
    ])('once its owner did: $deed', async ({ name, deed, code, why }) => {
      const repair = await repaired(theatre, name);
      act(`now -> ${deed} on ${name}`);
      await sleep(theatre.stage.lab.clock, A_WHILE);
      const deeds = watchDeeds(theatre, name);
      expect(await refusalOf(theatre, repair)).toMatchObject({
        status: 409,
        body: { code, detail: expect.stringContaining(why) as string },
      });
      expect(deeds()).toEqual([]);
    });
  });

  describe('a VM that is being taken back', () => {
    it('is left on the disk that its owner restores while the snapshot is taken', async () => {
      const name = 'restored-meanwhile';
      const repair = await repaired(theatre, name);
      act(`PUT:*snapshots/write -> restore on ${name}`);
      const deeds = watchDeeds(theatre, name);
      const record = await goBack(theatre, repair);
      expectMoved(record);
      expect(deeds()).toEqual([]);
      expect(theatre.osDiskOf(name).id).toMatch(/-restored-1$/);
      expect(theatre.stage.lab.vm(name).power).toBe('running');
      expectKept(theatre, repair);
    });

    it('stays on its repaired disk where somebody starts it while it is down', async () => {
      const name = 'started-meanwhile';
      const repair = await repaired(theatre, name);
      const repairedDisk = theatre.osDiskOf(name).id;
      act(`once *deallocate/action@${name} -> start`);
      const deeds = watchDeeds(theatre, name);
      const record = await goBack(theatre, repair);
      expectMoved(record);
      expect(deeds()).toEqual(['POST deallocate']);
      expectStillRepaired(theatre, name, repair, repairedDisk);
    });

    it('is not even taken down where the disk to go back to is gone', async () => {
      const name = 'kept-gone';
      const repair = await repaired(theatre, name);
      const repairedDisk = theatre.osDiskOf(name).id;
      theatre.stage.lab.store.disks.remove(repair.originalDisk?.id ?? '');
      const deeds = watchDeeds(theatre, name);
      const record = await goBack(theatre, repair);
      expect(record.outcome?.kind).toBe('failed');
      expect(record.outcome?.summary).toMatch(/kept disk .* is gone/);
      expect(deeds()).toEqual([]);
      expect(theatre.osDiskOf(name).id).toBe(repairedDisk);
      expect(record.cleanup.leftovers).toEqual([]);
    });
  });
});
