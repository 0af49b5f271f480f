import type { CauseId } from '../../../shared/model/cause.ts';
import type { GuestDisk } from '../../windows/disk.ts';
import {
  closeFirewall,
  denyConnections,
  disableListener,
  disableTermService,
  weakenSecurityLayer,
} from '../faults/settings.ts';
import type { FleetVm } from '../fleet-vm.ts';
import { windowsVm, type WindowsVmOptions } from '../windows-vm.ts';

interface Row {
  cause: CauseId;
  brokenBy: string;
  fault: (disk: GuestDisk) => void;
  /** How it differs from a generation 2 VM in English. */
  as?: Partial<WindowsVmOptions>;
}

/** One setting each that keeps RDP away. */
const ROWS: readonly Row[] = [
  {
    cause: 'rdp-denied',
    brokenBy: 'remote connections are switched off',
    fault: denyConnections,
    as: { azure: { zone: '2' } },
  },
  {
    cause: 'term-service',
    brokenBy: 'TermService is disabled',
    fault: disableTermService,
    as: { language: 'de-DE' },
  },
  {
    cause: 'rdp-firewall',
    brokenBy: 'the firewall rules of RDP are off',
    fault: closeFirewall,
    as: { generation: 'V1' },
  },
  { cause: 'rdp-listener', brokenBy: 'the listener is disabled', fault: disableListener },
  {
    cause: 'rdp-security-layer',
    brokenBy: 'security layer 0, no NLA',
    fault: weakenSecurityLayer,
    as: { generation: 'V1', language: 'de-DE' },
  },
];

export function settingsVms(now: number): FleetVm[] {
  return ROWS.map(({ cause, brokenBy, fault, as }) => ({
    spec: windowsVm({ name: cause, generation: 'V2', now, faults: [fault], ...as }),
    brokenBy,
    cause,
    expected: {
      kind: 'repaired-online',
      step: cause === 'rdp-security-layer' ? 'tls' : 'rdp-port',
    },
  }));
}
