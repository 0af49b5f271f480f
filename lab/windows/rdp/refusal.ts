import type { EventLog } from '../event-log.ts';
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
