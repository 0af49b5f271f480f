import { MACHINE_KEYS } from '../../windows/certificates/store.ts';
import type { GuestDisk } from '../../windows/disk.ts';
import { fileOf } from '../disk/edit.ts';
import { rdpKeyPath } from './certificate.ts';

/** An account that is gone. */
const ORPHAN = 'S-1-5-21-3623811015-3361044348-30300820-1104';

/**
 * Somebody "hardened" MachineKeys: folder and RDP key belong to an account that is gone, and nobody else may
 * read them, not even SYSTEM. The keys of others are as they were.
 */
export function lockMachineKeys(disk: GuestDisk): void {
  const folder = fileOf(disk, MACHINE_KEYS);
  folder.owner = ORPHAN;
  folder.inherits = false;
  folder.acl = [{ sid: ORPHAN, rights: 'F', type: 'allow' }];

  const key = fileOf(disk, rdpKeyPath(disk));
  key.owner = ORPHAN;
  key.inherits = false;
  key.acl = [{ sid: ORPHAN, rights: 'F', type: 'allow' }];
}
