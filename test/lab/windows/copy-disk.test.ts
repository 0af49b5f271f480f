import { makeCauseVms, makeFleet } from '../../../lab/fleet/index.ts';
import { copyDisk } from '../../../lab/windows/copy-disk.ts';
import { fileAt } from '../../../lab/windows/volume.ts';
import { setHiveValue } from '../../../lab/windows/hive.ts';
import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import { counterOn, giveWriter, startWriter } from '../../../lab/windows/writer.ts';

const now = Date.now();
const disks = [...makeFleet({ now }), ...makeCauseVms({ now })].map(({ spec }) => spec.osDisk);

/** All objects in a value, by identity. */
function partsOf(value: unknown, parts = new Set<object>()): Set<object> {
  if (typeof value !== 'object' || value === null) return parts;
  parts.add(value);
  for (const part of Object.values(value)) partsOf(part, parts);
  return parts;
}

describe('the copy of a disk', () => {
  it('has the same content, whatever is wrong with it', () => {
    for (const disk of disks) expect(copyDisk(disk)).toEqual(disk);
  });

  it('shares nothing with it but registry values and entries of access lists, which are replaced as a whole', () => {
    for (const disk of disks) {
      const parts = partsOf(disk);
      const shared = [...partsOf(copyDisk(disk))].filter((part) => parts.has(part));
      const isReplaced = (part: object): boolean => 'type' in part || Array.isArray(part);
      expect(shared.filter((part) => !isReplaced(part))).toEqual([]);
    }
  });

  it('keeps what was there when it was made', () => {
    const [disk] = disks;
    if (!disk) throw new Error('There is no disk.');
    const copy = copyDisk(disk);
    const windows = disk.partitions.find(({ kind }) => kind === 'windows');
    const hive = windows && fileAt(windows, '\\Windows\\System32\\config\\SYSTEM')?.hive;
    if (!hive) throw new Error('There is no Windows.');
    const before = structuredClone(copy);
    setHiveValue(hive, 'Select', 'Current', { type: 'REG_DWORD', value: 7 });
    setHiveValue(hive, 'New', 'Value', { type: 'REG_SZ', value: 'x' });
    expect(copy).toEqual(before);
    expect(copy).not.toEqual(disk);
  });

  it('holds the number that a program had written by then, and not the program', () => {
    const [disk] = disks.map(copyDisk);
    if (!disk) throw new Error('There is no disk.');
    giveWriter(disk);
    const clock = createVirtualClock(now);
    let passed = 0;
    const windows = disk.partitions.find(({ kind }) => kind === 'windows');
    if (!windows) throw new Error('There is no Windows.');
    const end = startWriter(windows, { ...clock, now: () => now + passed });
    passed = 10_000;
    const copy = copyDisk(disk);
    passed = 20_000;
    expect([counterOn(disk), counterOn(copy)]).toEqual([20, 10]);
    end();
  });
});
