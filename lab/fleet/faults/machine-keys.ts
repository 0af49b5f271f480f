import { MACHINE_KEYS } from '../../windows/certificates/store.ts';
import { pooledRsaKey } from '../../windows/certificates/rsa-keys.ts';
import type { GuestDisk, GuestFile } from '../../windows/disk.ts';
import { SID } from '../../windows/sids.ts';
import { fileOf, windowsVolume } from '../disk/edit.ts';
import { quirksOf } from '../disk/quirks.ts';
import { rdpKeyPath } from './certificate.ts';
import type { Fault } from './fault.ts';
import { refuse } from './refusals.ts';

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

/** A virtual account of other software. */
export const VAULT_ACCOUNT = 'S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420';
/** Name of the key that other software keeps to itself. */
export const VAULT_KEY = `${MACHINE_KEYS}\\9a1f2b3c4d5e6f708192a3b4c5d6e7f8_vault`;

/** Nobody but an account that is gone may read RDP's key; the folder is as it was. */
export function lockRdpKey(disk: GuestDisk): void {
  const key = fileOf(disk, rdpKeyPath(disk));
  key.owner = ORPHAN;
  key.inherits = false;
  key.acl = [{ sid: ORPHAN, rights: 'F', type: 'allow' }];
}

/** Other software keeps a key to itself on purpose: SYSTEM has no right on it, and needs none. */
export const keepKeyFromSystem: Fault = (disk) => {
  windowsVolume(disk).files[VAULT_KEY] = foreignKey(VAULT_ACCOUNT);
};

/** `takeown` fails on that key, whoever runs it: its owner holds it open. */
export const refuseOwnershipOfVault: Fault = refuse('file.take-ownership', { target: `C:${VAULT_KEY}` });

/** An entry on the folder, for what is in it alone, denies RDP's service the key; the key has no entry for it of its own. */
export const denyKeyFromAbove: Fault = (disk) => {
  const folder = fileOf(disk, MACHINE_KEYS);
  folder.acl = [{ sid: SID.networkService, rights: 'R', type: 'deny', scope: 'children' }, ...folder.acl];
  const key = fileOf(disk, rdpKeyPath(disk));
  key.inherits = true;
  key.acl = [{ sid: SID.system, rights: 'F', type: 'allow' }];
};

/** The folder is gone, with all keys in it. */
export const removeMachineKeys: Fault = (disk) => {
  const { files } = windowsVolume(disk);
  for (const path of Object.keys(files))
    if (path === MACHINE_KEYS || path.startsWith(`${MACHINE_KEYS}\\`)) Reflect.deleteProperty(files, path);
};

/** Some software makes a key for each of its requests and never deletes one; each here stands for very many. */
export function addManyKeys(count: number, secondsEach: number): Fault {
  return (disk) => {
    const { files } = windowsVolume(disk);
    for (let nth = 0; nth < count; nth++)
      files[`${MACHINE_KEYS}\\${nth.toString(16).padStart(32, '0')}_many`] = foreignKey(SID.system);
    quirksOf(disk).secondsPerDescriptor = secondsEach;
  };
}

/** The key's file is there and readable; the provider gives a code of its own when it opens it. */
export function spoilKey(error: number): Fault {
  return (disk) => {
    const { key } = fileOf(disk, rdpKeyPath(disk));
    if (key) Object.assign(key, { damaged: true, error });
  };
}

/** RDP's key file is gone; its certificate is not, and Windows leaves it so until somebody deletes it. */
export const loseKey: Fault = (disk) => {
  quirksOf(disk).keepsKeylessCertificate = true;
  Reflect.deleteProperty(windowsVolume(disk).files, rdpKeyPath(disk));
};

function foreignKey(owner: string): GuestFile {
  return {
    kind: 'key',
    owner,
    inherits: false,
    acl: [{ sid: owner, rights: 'F', type: 'allow' }],
    key: { pem: pooledRsaKey() },
  };
}
