import { pooledRsaKey } from '../../windows/certificates/rsa-keys.ts';
import { MACHINE_KEYS } from '../../windows/certificates/store.ts';
import type { GuestFile, GuestPartition } from '../../windows/disk.ts';
import { SID } from '../../windows/sids.ts';
import { plainFile } from '../../windows/volume.ts';

/** Files of Windows' volume beside its hives: folders scripts write to, programs RDP needs, other people's keys. */
export function windowsFiles(machineGuid: string): GuestPartition['files'] {
  return {
    '\\Windows': plainFile({ kind: 'directory' }, SID.trustedInstaller),
    '\\Windows\\MEMORY.DMP': plainFile({ kind: 'text', text: '' }),
    '\\Windows\\Temp': plainFile({ kind: 'directory' }),
    '\\Windows\\System32\\config': plainFile({ kind: 'directory' }),
    '\\Windows\\System32\\drivers\\etc\\hosts': plainFile({ kind: 'text', text: '# localhost' }),
    '\\Windows\\System32\\ntoskrnl.exe': program(),
    '\\Windows\\System32\\termsrv.dll': program(),
    '\\Windows\\System32\\winload.efi': program(),
    '\\ProgramData': plainFile({ kind: 'directory' }),
    [MACHINE_KEYS]: {
      kind: 'directory',
      owner: SID.system,
      inherits: false,
      acl: [
        { sid: SID.administrators, rights: 'F', type: 'allow' },
        { sid: SID.everyone, rights: 'RW', type: 'allow' },
      ],
    },
    // The container of a web server's configuration, and one that .NET makes: never to be touched.
    [`${MACHINE_KEYS}\\d6d986f09a1ee04e24c949879fdb506c_${machineGuid}`]: foreignKey(),
    [`${MACHINE_KEYS}\\76944fb33636aeddb9590521c2e8815a_${machineGuid}`]: foreignKey(),
  };
}

function program(): GuestFile {
  return plainFile({ kind: 'text', text: 'MZ' }, SID.trustedInstaller);
}

function foreignKey(): GuestFile {
  return {
    kind: 'key',
    owner: SID.system,
    inherits: false,
    acl: [
      { sid: SID.system, rights: 'F', type: 'allow' },
      { sid: SID.administrators, rights: 'F', type: 'allow' },
    ],
    key: { pem: pooledRsaKey() },
  };
}
