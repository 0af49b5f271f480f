import { healthyDisk } from '../../../lab/fleet/disk/healthy-disk.ts';
import { systemHiveOf, windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { SERVER_2022 } from '../../../lab/fleet/disk/options.ts';
import { dword } from '../../../lab/fleet/disk/registry-values.ts';
import { stableDiskIdentity } from '../../../lab/fleet/disk/stable-id.ts';
import { holdHives } from '../../../lab/fleet/faults/machine.ts';
import { refuse } from '../../../lab/fleet/faults/refusals.ts';
import {
  addOlderWindows,
  lockVolume,
  makeDynamic,
  removeBitLocker,
  sealVolume,
} from '../../../lab/fleet/faults/volumes.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { setHiveValue } from '../../../lab/windows/hive.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { answerOf } from '../support/answer.ts';
import { collectOffline, type OfflineRun, type RescueOptions } from './support.ts';

type Generation = 'V1' | 'V2';

function windowsDisk(generation: Generation = 'V2'): GuestDisk {
  return healthyDisk({
    computerName: 'BROKEN',
    generation,
    release: SERVER_2022,
    identity: stableDiskIdentity(generation, 'broken'),
    language: 'en-US',
    controlSets: [1, 2],
  });
}

/** The boot store names a partition that does not exist. */
function forgetLoader(disk: GuestDisk): void {
  for (const { bcd } of disk.partitions.flatMap(({ files }) => Object.values(files)))
    for (const elements of Object.values(bcd?.objects ?? {})) Reflect.deleteProperty(elements, 'osdevice');
}

function selectSets(current: number, standard: number) {
  return (disk: GuestDisk): void => {
    setHiveValue(systemHiveOf(disk), 'Select', 'Current', dword(current));
    setHiveValue(systemHiveOf(disk), 'Select', 'Default', dword(standard));
  };
}

async function bothWays(
  fault: (disk: GuestDisk) => void,
  options?: RescueOptions,
  generation?: Generation,
): Promise<OfflineRun> {
  const broken = windowsDisk(generation);
  fault(broken);
  const disks = [structuredClone(broken), structuredClone(broken)] as const;
  const real = await collectOffline(disks[0], 'pwsh', options);
  const twin = await collectOffline(disks[1], 'model', options);
  expect(answerOf(real.outcome)).toEqual(answerOf(twin.outcome));
  expect(disks[0]).toEqual(disks[1]);
  expect({ ...real, outcome: undefined }).toEqual({ ...twin, outcome: undefined });
  return real;
}

/** Nothing of it is left on the rescue VM. */
function expectReleased({ isOffline, letters, loadedHives }: OfflineRun): void {
  expect({ isOffline, letters, loadedHives }).toEqual({ isOffline: true, letters: [], loadedHives: 0 });
}

describe('a disk session ends with the disk offline, and says why it gave up', () => {
  interface Refusal {
    what: string;
    code: string;
    fault?: (disk: GuestDisk) => void;
    rescue?: RescueOptions;
    says?: RegExp;
  }
  const refusals: readonly Refusal[] = [
    {
      what: 'a volume is locked',
      code: 'BitLockerLocked',
      fault: lockVolume,
      says: /partition 4.*recovery key/,
    },
    { what: 'its own VM alone opens it', code: 'BitLockerLocked', fault: sealVolume, says: /recovery key/ },
    {
      what: 'a volume is locked, and the rescue VM knows no BitLocker',
      code: 'BitLockerLocked',
      fault: lockVolume,
      rescue: { change: removeBitLocker },
      says: /on a VM that has the BitLocker feature/,
    },
    { what: 'it is a dynamic disk', code: 'DynamicDisk', fault: makeDynamic },
    { what: 'it is the copy that was rehearsed on', code: 'RehearsalDisk', rescue: { rehearsed: 'before' } },
    {
      what: 'it holds two Windows, and none is named',
      code: 'TwoWindows',
      fault: (disk) => {
        addOlderWindows(disk);
        forgetLoader(disk);
      },
    },
    {
      what: 'it holds no Windows',
      code: 'WindowsNotFound',
      fault: (disk) => {
        windowsVolume(disk).files = {};
      },
    },
    {
      what: 'a hive cannot be read',
      code: 'HiveNotLoaded',
      fault: (disk) => {
        for (const file of Object.values(windowsVolume(disk).files)) if (file.hive) file.damaged = true;
      },
    },
    { what: 'its control sets are gone', code: 'ControlSetMissing', fault: selectSets(7, 7) },
  ];
  for (const { what, code, fault = () => undefined, rescue, says } of refusals)
    itWithPwsh(what, async () => {
      const run = await bothWays(fault, rescue);
      const { error, facts } = answerOf(run.outcome);
      expect(error?.code).toBe(code);
      if (says) expect(error?.message).toMatch(says);
      expect(facts).toBeNull();
      expect(run.outcome.exitCode).toBe(1);
      expectReleased(run);
    });

  itWithPwsh('a disk that bears the identity of the rescue VM never comes online', async () => {
    const identity = stableDiskIdentity('V2', 'broken');
    const run = await bothWays(() => undefined, { identity });
    expect(answerOf(run.outcome).error?.code).toBe('DiskIdentityCollision');
    expectReleased(run);
  });

  itWithPwsh('a disk that cannot be taken offline is told, although it was read', async () => {
    const run = await bothWays(() => undefined, { change: refuse('storage.set-offline') });
    const { error, facts } = answerOf(run.outcome);
    expect(error).not.toBeNull();
    expect(facts).not.toBeNull();
    expect(run.isOffline).toBe(false);
  });
});

describe('a disk session reads', () => {
  const chosen = (run: OfflineRun) => answerOf(run.outcome).facts?.installations;

  for (const generation of ['V1', 'V2'] as const)
    itWithPwsh(`of two Windows the one that starts, on a disk of generation ${generation}`, async () => {
      const run = await bothWays(addOlderWindows, undefined, generation);
      expect(chosen(run)?.filter((one) => one.chosen)).toHaveLength(1);
      expect(chosen(run)).toHaveLength(2);
      // The older one denies connections.
      const denies = answerOf(run.outcome).facts?.registry.flatMap(({ values }) =>
        values.filter(({ name }) => name === 'fDenyTSConnections').map(({ data }) => data),
      );
      expect(denies).toEqual([0]);
      expectReleased(run);
    });

  itWithPwsh('the default control set too, where it is another than the current one', async () => {
    const run = await bothWays(selectSets(2, 1));
    const { facts } = answerOf(run.outcome);
    expect(facts?.sets).toEqual(['ControlSet002', 'ControlSet001']);
    const listeners = facts?.registry.filter(({ path }) => path.endsWith('RDP-Tcp'));
    expect(listeners?.map(({ set, state }) => [set, state])).toEqual([
      ['ControlSet002', 'here'],
      ['ControlSet001', 'here'],
    ]);
  });

  itWithPwsh('what it can where the boot store gets no letter', async () => {
    const run = await bothWays(() => undefined, { change: refuse('storage.assign-letter') });
    const { error, facts } = answerOf(run.outcome);
    expect(error).toBeNull();
    expect(facts?.boot).toEqual([]);
    expect(facts?.unread.map(({ what }) => what)).toEqual(['boot']);
    expectReleased(run);
  });

  itWithPwsh('and waits for whoever holds a hive for a while', async () => {
    const run = await bothWays(() => undefined, { change: holdHives(12) });
    expect(answerOf(run.outcome).error).toBeNull();
    expectReleased(run);
  });
});
