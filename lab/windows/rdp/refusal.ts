import type { EventLog } from '../event-log.ts';
import type { Running } from '../machine/running.ts';
import type { RdpConnectionState } from './connection.ts';

type Refusal = Parameters<RdpConnectionState['onRefused']>[0];

interface RefusalEvent {
  id: number;
  provider: 'Schannel' | 'TermDD';
  data: Record<string, string>;
}

/** What Windows writes to the System log when it cuts a handshake off (event-ID article). */
const EVENTS: Partial<Record<Refusal, RefusalEvent>> = {
  protocol: {
    id: 50,
    provider: 'TermDD',
    data: {},
  },
  'key-unreadable': {
    id: 36870,
    provider: 'Schannel',
    data: { Status: '0x8009030D', State: '10001' },
  },
  'no-protocol': {
    id: 36871,
    provider: 'Schannel',
    data: { State: '10013' },
  },
  'no-suite': {
    id: 36874,
    provider: 'Schannel',
    data: {},
  },
};

export function recordRefusal({ log }: { log: EventLog }, reason: Refusal, port: number): void {
  const event = EVENTS[reason];
  if (!event) return;
  log.write({ log: 'System', level: 'error', ...event, data: { ...event.data, Port: String(port) } });
}

/** A logon by NLA that failed: type 3, from wherever it came (event 4625). */
export function recordLogonFailure({ log, surroundings }: Pick<Running, 'log' | 'surroundings'>): void {
  log.write({
    log: 'Security',
    id: 4625,
    provider: 'Microsoft-Windows-Security-Auditing',
    level: 'audit-failure',
    data: { LogonType: '3', Status: '0xc000006d', IpAddress: surroundings.probeSource },
  });
}
