import { encodeBlob, thumbprintOf } from '../../windows/certificates/blob.ts';
import { RDP_STORE, rdpKeyEntry } from '../../windows/certificates/renewal.ts';
import { pooledRsaKey } from '../../windows/certificates/rsa-keys.ts';
import { makeSelfSigned } from '../../windows/certificates/self-signed.ts';
import { MACHINE_KEYS, rdpKeyFile, storeKey } from '../../windows/certificates/store.ts';
import type { GuestDisk } from '../../windows/disk.ts';
import { deleteHiveKey, hiveText } from '../../windows/hive.ts';
import { RDP_TCP } from '../../windows/rdp/settings.ts';
import { SID } from '../../windows/sids.ts';
import {
  currentControlSet,
  fileOf,
  setInSoftware,
  setInSystem,
  softwareHiveOf,
  systemHiveOf,
  windowsVolume,
} from '../disk/edit.ts';
import { dword, text } from '../disk/registry-values.ts';

const DAY_MS = 24 * 3_600_000;

/** Times in milliseconds since the epoch. */
export interface Validity {
  notBefore: number;
  notAfter: number;
}

export function inTime(now: number): Validity {
  return { notBefore: now - 60 * DAY_MS, notAfter: now + 122 * DAY_MS };
}

export function expired(now: number): Validity {
  return { notBefore: now - 200 * DAY_MS, notAfter: now - 18 * DAY_MS };
}

/** Path of the RDP key's file on a disk. */
export function rdpKeyPath(disk: GuestDisk): string {
  const machineGuid = hiveText(softwareHiveOf(disk), 'Microsoft\\Cryptography', 'MachineGuid') ?? '';
  return `${MACHINE_KEYS}\\${rdpKeyFile(machineGuid)}`;
}

/** The self-signed certificate and its key, as SessionEnv made them some time ago; in the place of any before. */
export function giveCertificate(disk: GuestDisk, validity: Validity): string {
  const key = pooledRsaKey();
  const subject =
    hiveText(
      systemHiveOf(disk),
      `${currentControlSet(disk)}\\Control\\ComputerName\\ComputerName`,
      'ComputerName',
    ) ?? 'WINDOWS';
  const der = makeSelfSigned({ subject, key, ...validity });
  const keyPath = rdpKeyPath(disk);
  windowsVolume(disk).files[keyPath] = rdpKeyEntry(key);
  deleteHiveKey(softwareHiveOf(disk), storeKey(RDP_STORE));
  const thumbprint = thumbprintOf(der);
  setInSoftware(disk, `${storeKey(RDP_STORE)}\\${thumbprint}`, 'Blob', {
    type: 'REG_BINARY',
    value: encodeBlob({ der, keyFile: keyPath.slice(MACHINE_KEYS.length + 1) }),
  });
  return thumbprint;
}

/** The registry holds half of a certificate. */
export function corruptCertificate(disk: GuestDisk, now: number): void {
  const thumbprint = giveCertificate(disk, inTime(now));
  setInSoftware(disk, `${storeKey(RDP_STORE)}\\${thumbprint}`, 'Blob', {
    type: 'REG_BINARY',
    value: '2000000001',
  });
}

/** An administrator's own certificate is bound to the listener, whose time has passed. */
export function bindCertificate(disk: GuestDisk, validity: Validity): string {
  const key = pooledRsaKey();
  const der = makeSelfSigned({ subject: 'rdp.contoso.example', key, ...validity });
  const thumbprint = thumbprintOf(der);
  const keyPath = boundKeyPath(thumbprint);
  const keyFile = keyPath.slice(MACHINE_KEYS.length + 1);
  windowsVolume(disk).files[keyPath] = rdpKeyEntry(key);
  setInSoftware(disk, `${storeKey('My')}\\${thumbprint}`, 'Blob', {
    type: 'REG_BINARY',
    value: encodeBlob({ der, keyFile }),
  });
  setInSystem(disk, RDP_TCP, 'SSLCertificateSHA1Hash', {
    type: 'REG_BINARY',
    value: thumbprint.toLowerCase(),
  });
  return thumbprint;
}

/**
 * An authority's certificate lies in RDP's own store and has expired. It belongs to whoever put it there.
 * @returns its thumbprint
 */
export function addExpiredIssued(disk: GuestDisk, now: number): string {
  const key = pooledRsaKey();
  const der = makeSelfSigned({
    subject: 'rdp.contoso.example',
    issuer: 'Contoso CA 1',
    key,
    ...expired(now),
  });
  const thumbprint = thumbprintOf(der);
  setInSoftware(disk, `${storeKey(RDP_STORE)}\\${thumbprint}`, 'Blob', {
    type: 'REG_BINARY',
    value: encodeBlob({ der }),
  });
  return thumbprint;
}

/** Very many that have expired lie in RDP's own store, beside the one in use. */
export function addManyExpired(count: number, now: number): (disk: GuestDisk) => void {
  return (disk) => {
    const key = pooledRsaKey();
    for (let nth = 0; nth < count; nth++) {
      const der = makeSelfSigned({ subject: `OLD-${String(nth)}`, key, ...expired(now) });
      setInSoftware(disk, `${storeKey(RDP_STORE)}\\${thumbprintOf(der)}`, 'Blob', {
        type: 'REG_BINARY',
        value: encodeBlob({ der }),
      });
    }
  };
}

/** A certificate in its time is bound, and NETWORK SERVICE may not read its key. */
export function bindUnreadableCertificate(now: number): (disk: GuestDisk) => void {
  return (disk) => {
    const thumbprint = bindCertificate(disk, inTime(now));
    fileOf(disk, boundKeyPath(thumbprint)).acl = [{ sid: SID.system, rights: 'F', type: 'allow' }];
  };
}

/** Path of the key's file of the certificate that `bindCertificate` binds. */
export function boundKeyPath(thumbprint: string): string {
  return `${MACHINE_KEYS}\\0c8aa6f5e0cf3c4ed2f1ef3f1c9d2a55_${thumbprint.slice(0, 8).toLowerCase()}`;
}

/** A security product keeps every local program from deleting in the store; requests from a peer pass it by. */
export function guardStore(disk: GuestDisk): void {
  const key = 'Services\\ContosoKeyGuard';
  setInSystem(disk, key, 'DisplayName', text('Contoso Key Guard'));
  setInSystem(disk, key, 'ImagePath', text('"C:\\Program Files\\Contoso\\KeyGuard.exe"'));
  setInSystem(disk, key, 'ObjectName', text('LocalSystem'));
  setInSystem(disk, key, 'Start', dword(2));
  setInSystem(disk, key, 'Type', dword(16));
  setInSystem(disk, key, 'LaunchProtected', dword(3));
  setInSystem(disk, `${key}\\Parameters`, 'GuardsStore', text(RDP_STORE));
}

/** The key cannot be opened by anyone any more. */
export function damageKey(disk: GuestDisk): void {
  const { key } = fileOf(disk, rdpKeyPath(disk));
  if (key) key.damaged = true;
}
