import type { Clock } from '../../shared/clock.ts';
import { SYSTEM_HIVE } from './boot/loader.ts';
import type { GuestDisk, GuestFile, GuestPartition } from './disk.ts';
import { fileAt, partitionWith, plainFile } from './volume.ts';

/** A text file on Windows' volume; where it is, a program adds one to the number in it each second that Windows runs. */
const COUNTER_FILE = '\\Data\\counter.txt';

/** Installs the program. Copies of the disk have it too, and count on from where they were made. */
export function giveWriter(disk: GuestDisk): void {
  const volume = partitionWith(disk.partitions, SYSTEM_HIVE);
  if (!volume) throw new RangeError('There is no Windows on this disk.');
  volume.files['\\Data'] = plainFile({ kind: 'directory' });
  volume.files[COUNTER_FILE] = plainFile({ kind: 'text', text: '0' });
}

/**
 * What has been written on a disk: the same on the disk of a running VM, on a snapshot and on a copy, so that a lost
 * write can be seen. `undefined` without the program.
 */
export function counterOn(disk: GuestDisk): number | undefined {
  const volume = partitionWith(disk.partitions, COUNTER_FILE);
  const text = volume && fileAt(volume, COUNTER_FILE)?.text;
  return text === undefined ? undefined : Number(text);
}

/**
 * Lets the program run. The number is reckoned when somebody reads it, so that it costs a clock that jumps nothing;
 * whoever copies the disk reads it.
 * @returns ends the program, with the last number written down
 */
export function startWriter(volume: GuestPartition, clock: Clock): () => void {
  const file = fileAt(volume, COUNTER_FILE);
  if (!file) return () => undefined;
  let from = { count: numberIn(file.text), at: clock.now() };
  const now = (): string => String(from.count + Math.floor((clock.now() - from.at) / 1000));
  define(file, {
    get: now,
    set: (text: string) => {
      from = { count: numberIn(text), at: clock.now() };
    },
  });
  return () => {
    define(file, { value: now(), writable: true });
  };
}

function define(file: GuestFile, attributes: PropertyDescriptor): void {
  Object.defineProperty(file, 'text', { ...attributes, enumerable: true, configurable: true });
}

function numberIn(text: string | undefined): number {
  return Number.parseInt(text ?? '', 10) || 0;
}
