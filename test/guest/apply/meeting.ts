import { foreignService } from '../../../lab/fleet/faults/services.ts';
import type { Fault } from '../../../lab/fleet/faults/fault.ts';
import { setInSystem, windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { dword, list } from '../../../lab/fleet/disk/registry-values.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { RDP_TCP, TERMINAL_SERVER } from '../../../lab/windows/rdp/settings.ts';
import type { Change } from '../../../shared/model/change.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import type { GuestAnswer } from '../../../shared/model/guest-answer.ts';
import { outcomeOf } from './support.ts';

export const SET = 'CurrentControlSet';
export const TAKE: Change = { do: 'Take-Port', set: SET, port: 3389, to: 0 };
export const REFRESH: Change = { do: 'Refresh-Policy' };
export const DENY: Change = {
  do: 'registry',
  hive: 'system',
  set: SET,
  path: TERMINAL_SERVER,
  name: 'fDenyTSConnections',
  before: { kind: 'DWord', data: 1 },
  after: { kind: 'DWord', data: 0 },
};
export const HOLD: Change = {
  ...DENY,
  path: 'Services\\gpsvc',
  name: 'Start',
  before: { kind: 'DWord', data: 2 },
  after: { kind: 'DWord', data: 4 },
};
export const LAYER: Change = {
  ...DENY,
  path: RDP_TCP,
  name: 'SecurityLayer',
  before: { kind: 'DWord', data: 0 },
  after: { kind: 'DWord', data: 2 },
};

export interface Meeting {
  what: string;
  vm?: string;
  faults: readonly Fault[];
  changes: (facts: Facts) => Change[];
  words: readonly string[];
  /** What else is so. */
  check?: (answer: GuestAnswer, disk: GuestDisk) => void;
}

export const gateway = foreignService({ name: 'ContosoGate', port: 3389 });
export const deny: Fault = (disk) => {
  setInSystem(disk, TERMINAL_SERVER, 'fDenyTSConnections', dword(1));
};
export const allTaken: Fault = (disk) => {
  setInSystem(disk, 'Services\\Tcpip\\Parameters', 'ReservedPorts', list('3380-3400', '33890-33899'));
};

export function newPort(answer: GuestAnswer): unknown {
  return outcomeOf(answer).data.find(({ name }) => name === 'newPort')?.value;
}

export function startOf(disk: GuestDisk, service: string): unknown {
  const hive = windowsVolume(disk).files['\\Windows\\System32\\config\\SYSTEM']?.hive ?? {};
  return hive[`ControlSet001\\Services\\${service}`]?.['Start'];
}
