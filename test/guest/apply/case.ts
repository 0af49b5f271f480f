import { createHash } from 'node:crypto';
import { setInSystem, setInSoftware, systemHiveOf, currentControlSet } from '../../../lab/fleet/disk/edit.ts';
import { dword, list } from '../../../lab/fleet/disk/registry-values.ts';
import type { Fault } from '../../../lab/fleet/faults/fault.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { FIREWALL_RULES } from '../../../lab/windows/firewall.ts';
import { deleteHiveKey, deleteHiveValue } from '../../../lab/windows/hive.ts';
import { RDP_TCP } from '../../../lab/windows/rdp/settings.ts';
import type { Change, RegistryChange, RegistryData } from '../../../shared/model/change.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { diskOf } from './support.ts';

export const SCHANNEL = 'Control\\SecurityProviders\\SCHANNEL\\Protocols';
export const TCP_RULE = 'RemoteDesktop-UserMode-In-TCP';
export const UDP_RULE = 'RemoteDesktop-UserMode-In-UDP';

export interface Case {
  what: string;
  make: () => GuestDisk;
  /** From what Windows is: thumbprints and process ids are known only then. `set` is the one to name. */
  changes: (facts: Facts, set: string) => Change[];
  words: readonly string[];
  /** How they end on a disk, where that is otherwise. */
  onDisk?: readonly string[];
  /** RDP answers afterwards, without a restart of Windows; only where the case is online. */
  serves?: boolean;
  /** Where it runs; both without it. */
  only?: 'online' | 'offline';
}

export function broken(...faults: readonly Fault[]): () => GuestDisk {
  return () => diskOf('healthy', ...faults);
}

export function plain(
  set: string,
  path: string,
  name: string,
  before: RegistryData,
  after: RegistryData,
): RegistryChange {
  return { do: 'registry', hive: set === '' ? 'software' : 'system', set, path, name, before, after };
}

export function number(data: number): RegistryData {
  return { kind: 'DWord', data };
}

export function setting(key: string, name: string, value: number): Fault {
  return (disk) => {
    setInSystem(disk, key, name, dword(value));
  };
}

/** As the facts have them, so that they are restarted once. */
export function restart(facts: Facts): Change {
  const services = ['SessionEnv', 'TermService'] as const;
  const pidOf = (name: string): number => facts.services.items.find((row) => row.name === name)?.pid ?? 0;
  return { do: 'Restart-RdpServices', services: [...services], pids: services.map(pidOf) };
}

export function hashOf(name: string): string {
  return createHash('sha256').update(Buffer.from(name.toUpperCase(), 'utf16le')).digest('hex').toUpperCase();
}

export function thumbprints(facts: Facts): string[] {
  return facts.rdpCertificates.items.map(({ thumbprint }) => thumbprint);
}

export function renew(facts: Facts, keyAside = false): Change {
  return { do: 'Renew-Certificate', thumbprints: thumbprints(facts), others: false, keyAside };
}

export const loseRule: Fault = (disk) => {
  deleteHiveValue(systemHiveOf(disk), `${currentControlSet(disk)}\\${FIREWALL_RULES}`, TCP_RULE);
};
export const loseListener: Fault = (disk) => {
  deleteHiveKey(systemHiveOf(disk), `${currentControlSet(disk)}\\${RDP_TCP}`);
};
export const suites = 'Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002';
export const emptySuites: Fault = (disk) => {
  setInSoftware(disk, suites, 'Functions', list());
};
export const supervise: Fault = (disk) => {
  setInSystem(disk, 'Services\\ContosoWebGateway\\Parameters', 'ComesBack', dword(1));
};
export const needGateway: Fault = (disk) => {
  setInSystem(disk, 'Services\\ContosoPortal', 'Start', dword(2));
  setInSystem(disk, 'Services\\ContosoPortal', 'Type', dword(16));
  setInSystem(disk, 'Services\\ContosoPortal', 'DependOnService', {
    type: 'REG_MULTI_SZ',
    value: ['ContosoWebGateway'],
  });
};
