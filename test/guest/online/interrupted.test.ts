import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { comparableDisk } from './support/comparable.ts';
import { CAUSES, RED, type CauseCase } from './support/causes.ts';
import { itWithPwsh } from './support/pwsh.ts';
import { brokenDisk, faultsOf, onVm, type Vm, type VmOptions } from './support/vm.ts';

/** What a run that nobody cuts off leaves. */
async function repairedDisk({ vm: name, script }: CauseCase, original: GuestDisk): Promise<unknown> {
  const disk = structuredClone(original);
  await onVm(name, { disk }, async (vm) => {
    await vm.run(`online/${script}`);
  });
  return comparableDisk(disk);
}

/** Cuts the script off before its nth change and runs it again; `undefined` when it has fewer changes. */
async function repairedAfterKill(
  { vm: name, script }: CauseCase,
  original: GuestDisk,
  nth: number,
  options: VmOptions = {},
): Promise<unknown> {
  const disk = structuredClone(original);
  let left: unknown;
  await onVm(name, { disk, ...options }, async (vm) => {
    if (!(await vm.killBeforeChange(nth, `online/${script}`))) return;
    const rerun = await vm.run(`online/${script}`);
    expect(rerun).toMatchObject({ ok: true, remaining: [], error: null });
    left = comparableDisk(disk);
    await expectRdpWorks(vm, rerun.restart);
  });
  return left;
}

async function expectRdpWorks(vm: Vm, restart: 'none' | 'vm'): Promise<void> {
  if (restart === 'vm') await vm.restart();
  const { findings, facts } = await vm.run('online/diagnose');
  expect(faultsOf(findings)).toEqual([]);
  expect(facts).toMatchObject({ handshake: 'done', rdpOwner: 'TermService' });
}

describe('an online script killed between any two changes', () => {
  it.each(CAUSES.filter(({ fault }) => fault !== RED))(
    'repairs when it is run again: $fault',
    async (given) => {
      const original = brokenDisk(given.vm, given.faults);
      const expected = await repairedDisk(given, original);
      let kills = 0;
      for (;;) {
        const disk = await repairedAfterKill(given, original, kills + 1);
        if (disk === undefined) break;
        kills++;
        expect(disk).toEqual(expected);
      }
      expect(kills).toBeGreaterThan(1);
    },
  );

  it('is told by diagnosis while it has not been run again', async () => {
    await onVm('rdp-listener', {}, async (vm) => {
      // Past the setting, before the service that reads it has been restarted.
      await vm.killBeforeChange(3, 'online/rdp-listener');
      const { findings } = await vm.run('online/diagnose');
      expect(findings).toContainEqual(
        expect.objectContaining({ code: 'RepairUnfinished', cause: 'rdp-listener' }),
      );
    });
  });

  for (const nth of [1, 3, 5]) {
    itWithPwsh(`in PowerShell too, before change ${String(nth)}`, async () => {
      const [given] = CAUSES.filter(({ vm }) => vm === 'rdp-certificate');
      if (!given) throw new Error('no case of an expired certificate');
      const original = brokenDisk(given.vm);
      const disk = await repairedAfterKill(given, original, nth, { engine: 'pwsh' });
      expect(disk).toEqual(await repairedDisk(given, original));
    });
  }
});
