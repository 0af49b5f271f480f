import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { Machine } from '../../../lab/windows/machine.ts';

/** Copies what an offline script kept on the rescue VM (hives, boot store) back onto the attached disk, by hand. */
export function putBackCopies(machine: Machine, disk: GuestDisk): void {
  const [attached] = machine.storage.disks().filter(({ isBoot }) => !isBoot);
  const number = attached?.number ?? -1;
  const kept = `C:\\ProgramData\\rdp-medic\\${disk.identity.replace(/[{}]/g, '').toLowerCase()}`;
  for (const partition of machine.storage.partitions(number)) {
    if (partition.letter === undefined) machine.storage.assignLetter(number, partition.number, 'Z');
    const root = `${partition.letter ?? 'Z'}:`;
    for (const [name, path] of [
      ['SYSTEM', `${root}\\Windows\\System32\\config\\SYSTEM`],
      ['SOFTWARE', `${root}\\Windows\\System32\\config\\SOFTWARE`],
      ['BCD', `${root}\\EFI\\Microsoft\\Boot\\BCD`],
      ['BCD', `${root}\\Boot\\BCD`],
    ] as const) {
      const hasBoth = machine.files.exists(path) && machine.files.exists(`${kept}\\${name}`);
      if (hasBoth) machine.files.copy(`${kept}\\${name}`, path);
    }
    if (partition.letter === undefined) machine.storage.removeLetter(number, partition.number);
  }
}
