import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { comparableDisk } from '../online/support/comparable.ts';
import { itWithPwsh } from '../online/support/pwsh.ts';
import { BROKEN_DISKS, diskOf } from './causes.ts';
import { attachToRescue, type Rescue, type RescueOptions } from './rescue.ts';

interface Case {
  what: string;
  script: string;
  parameters?: Record<string, string>;
  make(): GuestDisk;
}

const HELPERS: Case[] = ['offline/serial-console', 'offline/crash-dump', 'offline/release-disk'].flatMap(
  (script) => [
    { what: 'generation 2', script, make: () => diskOf('healthy') },
    { what: 'generation 1', script, make: () => diskOf('tls-agent-not-ready') },
  ],
);

/** What a whole repair leaves of a disk, and that the rescue VM holds on to nothing of it. */
async function repairedDisk({ script, parameters }: Case, original: GuestDisk): Promise<unknown> {
  const disk = structuredClone(original);
  const rescue = await attachToRescue(disk);
  await rescue.run(script, parameters);
  await rescue.close();
  return comparableDisk(disk);
}

/** Kills the script before its nth change, then runs it again; `undefined` when it has fewer changes. */
async function repairedAfterKill(
  { script, parameters }: Case,
  original: GuestDisk,
  nth: number,
  options?: RescueOptions,
): Promise<unknown> {
  const disk = structuredClone(original);
  const rescue = await attachToRescue(disk, options);
  try {
    if (!(await rescue.killBeforeChange(nth, script, parameters))) return undefined;
    const rerun = await rescue.run(script, parameters);
    expect(rerun).toMatchObject({ ok: true, remaining: [], error: null });
    expectNothingHeld(rescue);
    return comparableDisk(disk);
  } finally {
    await rescue.close();
  }
}

function expectNothingHeld({ machine }: Rescue): void {
  expect(machine.hives.loaded()).toEqual([]);
}

describe('an offline script killed between any two changes', () => {
  it.each([...BROKEN_DISKS, ...HELPERS])(
    'ends as one that was not, when run again: $script, $what',
    async (given) => {
      const original = given.make();
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

  itWithPwsh('in PowerShell too, with a hive left loaded', async () => {
    const given: Case = { what: 'tls', script: 'offline/tls', make: () => diskOf('tls') };
    const original = given.make();
    const expected = await repairedDisk(given, original);
    // Past the copies and loads of both hives, and one value written.
    const disk = await repairedAfterKill(given, original, 10, { engine: 'pwsh' });
    expect(disk).toEqual(expected);
  });
});
