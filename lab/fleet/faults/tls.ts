import type { GuestDisk } from '../../windows/disk.ts';
import { storeGpos, type Gpo } from '../../windows/policy.ts';
import { SCHANNEL, TLS_VERSIONS } from '../../windows/rdp/protocols.ts';
import { setInSystem, windowsVolume } from '../disk/edit.ts';
import { dword } from '../disk/registry-values.ts';

const VALUES = [
  ['Enabled', 0],
  ['DisabledByDefault', 1],
] as const;

const serverKey = (version: string): string => `${SCHANNEL}\\Protocols\\${version}\\Server`;

/** Every TLS version switched off for servers. */
export function disableTls(disk: GuestDisk): void {
  for (const version of TLS_VERSIONS) {
    for (const [name, value] of VALUES) setInSystem(disk, serverKey(version), name, dword(value));
  }
}

/** The domain does it, by Group Policy preferences: it comes back with every refresh. */
export function disableTlsByPolicy(disk: GuestDisk): void {
  const hardening: Gpo = {
    id: '{7B1D6A52-6A3E-4C8B-9D4E-2C6E5A1F0B77}',
    name: 'CORP - Server hardening (SCHANNEL)',
    settings: TLS_VERSIONS.flatMap((version) =>
      VALUES.map(([name, value]) => ({
        kind: 'preference' as const,
        hive: 'SYSTEM' as const,
        key: serverKey(version),
        name,
        value: dword(value),
      })),
    ),
  };
  const defaultDomainPolicy: Gpo = {
    id: '{31B2F340-016D-11D2-945F-00C04FB984F9}',
    name: 'Default Domain Policy',
    settings: [
      {
        kind: 'policy',
        hive: 'SOFTWARE',
        key: 'Policies\\Microsoft\\Windows NT\\Terminal Services',
        name: 'UserAuthentication',
        value: dword(1),
      },
    ],
  };
  storeGpos(windowsVolume(disk), [defaultDomainPolicy, hardening]);
  disableTls(disk);
}
