import type { GuestDisk } from '../../windows/disk.ts';
import { fileOf } from '../disk/edit.ts';

/** Remote Desktop's own program file is damaged: no script of the runbook mends that. */
export function corruptTermService(disk: GuestDisk): void {
  fileOf(disk, '\\Windows\\System32\\termsrv.dll').damaged = true;
}
