import type { Facts } from '../model/facts.ts';
import type { Cause } from './cause.ts';
import { findingsOf } from './finding.ts';

const MEBIBYTE = 2 ** 20;
/** Below it Windows can no longer write a certificate, a profile or its registry with any certainty. */
const FULL = 64 * MEBIBYTE;
const TIGHT = 1024 * MEBIBYTE;

const FINDINGS = {
  DiskFull: 'the Windows volume is full: no certificate can be created, nobody can log on',
  DiskAlmostFull: 'the Windows volume is almost full',
} as const;
const found = findingsOf('disk-full', FINDINGS);

/** Less is free than Windows needs to write anything of its own. */
export function isDiskFull({ space }: Facts): boolean {
  return space !== null && Number(space.free) < FULL;
}

const detect: Cause['detect'] = ({ facts }) => {
  const { space } = facts;
  if (space === null) return [];
  const free = Number(space.free);
  const data = { freeMiB: Math.floor(free / MEBIBYTE), sizeMiB: Math.floor(Number(space.size) / MEBIBYTE) };
  if (isDiskFull(facts)) return [found('DiskFull', 'fault', data)];
  return free < TIGHT ? [found('DiskAlmostFull', 'warning', data)] : [];
};

/** What may be deleted is not ours to know. */
export const diskFull: Cause = {
  id: 'disk-full',
  step: 'certificate-and-keys',
  order: 50,
  title: 'The Windows volume is full',
  findings: FINDINGS,
  reads: [],
  writes: [],
  detect,
  repair: () => [],
  takesEffect: 'now',
  words: {
    seen: 'Less than 64 MiB free on the Windows volume; a warning below 1 GiB.',
    mend: 'Nothing: only the owner knows what can be deleted.',
    guidance: 'Free up space on the Windows volume, or expand the OS disk; then start the repair again.',
    byHand:
      '`Get-ChildItem C:\\ -Force | Sort-Object Length`, `Clear-RecycleBin -DriveLetter C -Force`; or `az disk update --ids OS-DISK-ID --size-gb N` and `Resize-Partition -DriveLetter C -Size (Get-PartitionSupportedSize -DriveLetter C).SizeMax`',
    undo: 'Nothing to undo.',
  },
  recipe: [],
};
