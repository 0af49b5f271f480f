import type { EventLog } from '../event-log.ts';
import type { RdpConnectionState } from './connection.ts';

type Refusal = Parameters<RdpConnectionState['onRefused']>[0];

interface RefusalEvent {
  id: number;
  provider: 'Schannel' | 'TermDD';
  message: string;
  data: Record<string, string>;
}

/** What Windows writes to the System log when it cuts a handshake off (event-ID article). */
const EVENTS: Partial<Record<Refusal, RefusalEvent>> = {
  protocol: {
    id: 50,
    provider: 'TermDD',
    message: 'The RDP protocol component X.224 detected an error in the protocol stream.',
    data: {},
  },
  'key-unreadable': {
    id: 36870,
    provider: 'Schannel',
    message: 'A fatal error occurred when attempting to access the TLS server credential private key.',
    data: { Status: '0x8009030D', State: '10001' },
  },
  'no-protocol': {
    id: 36871,
    provider: 'Schannel',
    message: 'A fatal error occurred while creating a TLS server credential.',
    data: { State: '10013' },
  },
  'no-suite': {
    id: 36874,
    provider: 'Schannel',
    message:
      'A TLS connection request was received, but none of the cipher suites of the client is supported.',
    data: {},
  },
};

export function recordRefusal({ log }: { log: EventLog }, reason: Refusal, port: number): void {
  const event = EVENTS[reason];
  if (!event) return;
  log.write({ log: 'System', level: 'error', ...event, data: { ...event.data, Port: String(port) } });
}
