import type { GuestDisk } from '../../windows/disk.ts';
import { storeGpos, type Gpo } from '../../windows/policy.ts';
import { SCHANNEL, TLS_VERSIONS } from '../../windows/rdp/protocols.ts';
import { setInSoftware, setInSystem, windowsVolume } from '../disk/edit.ts';
import { dword, list, text } from '../disk/registry-values.ts';

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

const SUITES = 'Cryptography\\Configuration\\SSL\\00010002';
/** What a guide for ECDSA certificates names; the certificate of RDP is an RSA one. */
const ECDSA_SUITES = ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'];

/** The suite order by policy names suites that no RSA certificate can serve. */
export function allowOnlyEcdsaByPolicy(disk: GuestDisk): void {
  setInSoftware(disk, `Policies\\Microsoft\\${SUITES}`, 'Functions', text(ECDSA_SUITES.join(',')));
}

/** As `allowOnlyEcdsaByPolicy`, in the list of this Windows itself. */
export function allowOnlyEcdsa(disk: GuestDisk): void {
  setInSystem(
    disk,
    `Control\\Cryptography\\Configuration\\Local\\SSL\\00010002`,
    'Functions',
    list(...ECDSA_SUITES),
  );
}

/** Algorithms that every TLS of today needs are switched off in SCHANNEL: `Ciphers`, `Hashes`, `KeyExchangeAlgorithms`. */
export function switchOffAlgorithms(
  kind: 'Ciphers' | 'Hashes' | 'KeyExchangeAlgorithms',
  ...names: string[]
): (disk: GuestDisk) => void {
  return (disk) => {
    for (const name of names) setInSystem(disk, `${SCHANNEL}\\${kind}\\${name}`, 'Enabled', dword(0));
  };
}
