import { SOFTWARE_HIVE, SYSTEM_HIVE } from '../../windows/boot/loader.ts';
import type { KeyRefusal } from '../../windows/disk.ts';
import { currentControlSet, fileOf, setInSystem } from '../disk/edit.ts';
import type { Fault } from './fault.ts';

/** Permissions of a key below the current control set refuse everyone, SYSTEM too. */
export function refuseSystemKey(key: string, refusal: KeyRefusal = 'write'): Fault {
  return (disk) => {
    const file = fileOf(disk, SYSTEM_HIVE);
    file.keyRefusals = { ...file.keyRefusals, [`${currentControlSet(disk)}\\${key}`]: refusal };
  };
}

/** As `refuseSystemKey`, of a key in SOFTWARE. */
export function refuseSoftwareKey(key: string, refusal: KeyRefusal = 'write'): Fault {
  return (disk) => {
    const file = fileOf(disk, SOFTWARE_HIVE);
    file.keyRefusals = { ...file.keyRefusals, [key]: refusal };
  };
}

/** The Group Policy service's key cannot be written. */
export const refusePolicyService: Fault = refuseSystemKey('Services\\gpsvc');

/** A DWORD of so many bytes (any number but four) below the current control set. */
export function malformValue(key: string, name: string, bytes = 3): Fault {
  return (disk) => {
    setInSystem(disk, key, name, { type: 'malformed', declared: 'REG_DWORD', value: '01'.repeat(bytes) });
  };
}
