import { SOFTWARE_HIVE, SYSTEM_HIVE } from '../../windows/boot/loader.ts';
import type { GuestPartition } from '../../windows/disk.ts';
import { setHiveValue } from '../../windows/hive.ts';
import { plainFile } from '../../windows/volume.ts';
import { fileOf, systemHiveOf, windowsVolume } from '../disk/edit.ts';
import { quirksOf } from '../disk/quirks.ts';
import { dword } from '../disk/registry-values.ts';
import { stableGuid } from '../disk/stable-id.ts';
import type { Fault } from './fault.ts';

/** Windows' volume is locked by BitLocker. */
export const lockVolume: Fault = (disk) => {
  windowsVolume(disk).bitLocker = 'locked';
};

/** As BitLocker with a virtual TPM: its own VM opens it, no other machine does. */
export const sealVolume: Fault = (disk) => {
  windowsVolume(disk).bitLocker = 'sealed';
};

/** A Windows without the BitLocker feature, as server images are: a locked volume looks unformatted to it. */
export const removeBitLocker: Fault = (disk) => {
  quirksOf(disk).bitLockerAbsent = true;
};

export const makeDynamic: Fault = (disk) => {
  disk.isDynamic = true;
};

/**
 * An older Windows lies on a partition before the one that the boot configuration names: its Remote Desktop is
 * denied, so that whoever repairs it is seen to.
 */
export const addOlderWindows: Fault = (disk) => {
  const current = windowsVolume(disk);
  const hive = structuredClone(systemHiveOf(disk));
  setHiveValue(hive, 'ControlSet001\\Control\\Terminal Server', 'fDenyTSConnections', dword(1));
  const older: GuestPartition = {
    number: Math.max(...disk.partitions.map(({ number }) => number)) + 1,
    kind: 'windows',
    guid: `{${stableGuid('older', disk.identity)}}`,
    label: 'Windows.old',
    ownLetter: 'E',
    files: {
      [SYSTEM_HIVE]: plainFile({ kind: 'hive', hive }),
      [SOFTWARE_HIVE]: structuredClone(fileOf(disk, SOFTWARE_HIVE)),
    },
  };
  disk.partitions.splice(disk.partitions.indexOf(current), 0, older);
};
