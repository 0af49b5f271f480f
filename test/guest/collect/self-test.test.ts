import { healthyDisk } from '../../../lab/fleet/disk/healthy-disk.ts';
import { SERVER_2022 } from '../../../lab/fleet/disk/options.ts';
import { stableDiskIdentity } from '../../../lab/fleet/disk/stable-id.ts';
import { refuse } from '../../../lab/fleet/faults/refusals.ts';
import { comparableDisk } from '../../../lab/windows/comparable.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { plainFile } from '../../../lab/windows/volume.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { answerOf } from '../support/answer.ts';
import { collectOffline, type OfflineRun } from './support.ts';

const FOLDER = '\\ProgramData\\rdp-medic-self-test';

function brokenDisk(): GuestDisk {
  return healthyDisk({
    computerName: 'BROKEN',
    generation: 'V2',
    release: SERVER_2022,
    identity: stableDiskIdentity('V2', 'broken'),
    language: 'en-US',
  });
}

/** Both ways, on a rescue VM that is changed first: what they answered, and the disks of the rescue VM before and after. */
async function bothWays(change: (disk: GuestDisk) => void = () => undefined) {
  const runs = [];
  for (const engine of ['pwsh', 'model'] as const) {
    let rescue: GuestDisk | undefined;
    const before: GuestDisk[] = [];
    const run = await collectOffline(brokenDisk(), engine, {
      change: (disk) => {
        change(disk);
        rescue = disk;
        before.push(structuredClone(disk));
      },
    });
    if (!rescue || !before[0]) throw new Error('there was no rescue VM');
    runs.push({ run, before: before[0], after: rescue });
  }
  const [real, twin] = runs;
  if (!real || !twin) throw new Error('nothing ran');
  expect(answerOf(real.run.outcome)).toEqual(answerOf(twin.run.outcome));
  expect(leftBehind(real.after)).toEqual(leftBehind(twin.after));
  return real;
}

/** Files and keys that the test writes. */
function leftBehind(disk: GuestDisk): string[] {
  return comparableDisk(disk).partitions.flatMap(({ files }) =>
    Object.entries(files).flatMap(([path, { hive }]) => [
      ...(path.startsWith(FOLDER) ? [path] : []),
      ...Object.keys(hive ?? {}).filter((key) => key.startsWith('RdpMedicSelfTest')),
    ]),
  );
}

function errorOf({ outcome }: OfflineRun) {
  return answerOf(outcome).error;
}

describe('the self-test of a rescue VM', () => {
  itWithPwsh('is passed, and leaves nothing', async () => {
    const { run, after } = await bothWays();
    expect(errorOf(run)).toBeNull();
    expect(leftBehind(after)).toEqual([]);
  });

  itWithPwsh('takes away what one that was cut off left', async () => {
    const { run, after } = await bothWays((disk) => {
      const volume = disk.partitions.at(-1);
      if (!volume) throw new Error('the disk has no volume');
      volume.files[FOLDER] = plainFile({ kind: 'directory' });
      volume.files[`${FOLDER}\\one`] = plainFile({ kind: 'text', text: 'half' });
    });
    expect(errorOf(run)).toBeNull();
    expect(leftBehind(after)).toEqual([]);
  });

  for (const what of ['registry.set', 'registry.delete-key', 'file.copy', 'file.set-acl', 'file.set-owner'])
    itWithPwsh(`ends a run before the disk is touched: ${what} is refused`, async () => {
      const { run } = await bothWays(refuse(what));
      expect(errorOf(run)?.code).toBe('SelfTestFailed');
      expect(answerOf(run.outcome).facts).toBeNull();
      expect(run.loadedHives).toBe(0);
    });
});
