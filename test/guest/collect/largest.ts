import { createHash } from 'node:crypto';
import { healthyDisk } from '../../../lab/fleet/disk/healthy-disk.ts';
import { currentControlSet, setInSystem, systemHiveOf, windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { SERVER_2022 } from '../../../lab/fleet/disk/options.ts';
import { dword, expandable, list, text } from '../../../lab/fleet/disk/registry-values.ts';
import { stableDiskIdentity } from '../../../lab/fleet/disk/stable-id.ts';
import {
  addManyExpired,
  bindCertificate,
  giveCertificate,
  inTime,
} from '../../../lab/fleet/faults/certificate.ts';
import { addManyKeys } from '../../../lab/fleet/faults/machine-keys.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { FIREWALL_RULES } from '../../../lab/windows/firewall.ts';
import { storeGpos, type Gpo } from '../../../lab/windows/policy.ts';
import { NOW } from '../support/guest.ts';

export const LARGEST = {
  certificates: 400,
  services: 200,
  rules: 500,
  blocking: 120,
  keys: 3_000,
  policies: 60,
};
/** Addresses that try to log on. */
export const ATTACKERS: readonly string[] = Array.from(
  { length: 100 },
  (_, index) => `203.0.${String(index)}.${String((index * 7) % 100)}`,
);

/** A text that looks as chance wrote it, the same each time: compression finds nothing in it. */
function noise(seed: string, length: number): string {
  const hash = createHash('sha512').update(seed).digest('base64url');
  return hash.repeat(Math.ceil(length / hash.length)).slice(0, length);
}

/** The largest Windows that is thought of: a German terminal server that has been patched and attacked for ten years. */
export function largestDisk(): GuestDisk {
  const disk = healthyDisk({
    computerName: 'TERMINALSERVER1',
    generation: 'V2',
    release: SERVER_2022,
    identity: stableDiskIdentity('V2', 'largest'),
    language: 'de-DE',
    domain: 'zentrale.übersee-groß.example',
    controlSets: [1, 2],
  });
  bindCertificate(disk, inTime(NOW));
  addManyKeys(LARGEST.keys, 0)(disk);
  giveCertificate(disk, inTime(NOW));
  addManyExpired(LARGEST.certificates - 1, NOW)(disk);
  addServices(disk);
  addRules(disk);
  addPolicies(disk);
  return disk;
}

function addServices(disk: GuestDisk): void {
  for (let index = 0; index < LARGEST.services; index++) {
    const name = `Größe-${noise(`service ${String(index)}`, 12)}`;
    systemHiveOf(disk)[`${currentControlSet(disk)}\\Services\\${name}`] = {
      DisplayName: text(`Dienst für ${name}`),
      ErrorControl: dword(1),
      ImagePath: expandable(`C:\\Programme\\${name}\\dienst.exe`),
      ObjectName: text('LocalSystem'),
      Start: dword(2),
      Type: dword(16),
    };
  }
}

function addRules(disk: GuestDisk): void {
  for (let index = 0; index < LARGEST.rules; index++) {
    const action = index < LARGEST.blocking ? 'Block' : 'Allow';
    const rule = [
      'v2.31',
      `Action=${action}`,
      'Active=TRUE',
      'Dir=In',
      'Protocol=6',
      `LPort=${String(10_000 + index)}`,
      `App=C:\\Programme\\${noise(`rule ${String(index)}`, 40)}\\prüfung.exe`,
      `Name=Regel für ${noise(`name ${String(index)}`, 30)}`,
      '',
    ].join('|');
    const name = `{${noise(`id ${String(index)}`, 36)}}`;
    setInSystem(disk, FIREWALL_RULES, name, text(rule));
  }
}

function addPolicies(disk: GuestDisk): void {
  const suites = list(...Array.from({ length: 60 }, (_, index) => `TLS_ECDHE_${noise(String(index), 30)}`));
  const gpos = Array.from({ length: LARGEST.policies }, (_, index): Gpo => ({
    id: `{${noise(`gpo ${String(index)}`, 36)}}`,
    name: `Richtlinie für Außenstelle ${noise(`policy ${String(index)}`, 60)}`,
    settings: [
      {
        kind: 'policy',
        hive: 'SOFTWARE',
        key: 'Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002',
        name: 'Functions',
        value: suites,
      },
    ],
  }));
  storeGpos(windowsVolume(disk), gpos);
}
