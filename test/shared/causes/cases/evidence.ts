import { RDP_TCP, TERMINAL_SERVICES_POLICY } from '../../../../shared/causes/listener.ts';
import { protocolKey } from '../../../../shared/causes/schannel.ts';
import type { Facts } from '../../../../shared/model/facts.ts';
import { part, onDisk, rule, rules, serviceIs, value, type Edit } from '../facts.ts';
import type { Case } from './case.ts';

/** What is seen beside the causes: of no cause, and nothing follows from it. */
type EvidenceCase = Pick<Case, 'what' | 'edits' | 'finds'> & {
  readonly done?: Case['done'];
  readonly options?: Case['options'];
};

const events = (...ids: number[]): Edit =>
  part({
    events: {
      total: ids.length,
      items: ids.map((id) => ({ provider: 'Schannel', id, count: 3, last: '2026-11-20T11:00:00.000Z' })),
      error: null,
    },
  });
const CONSOLE: Facts['boot'] = [
  { object: 'bootmgr', element: 'displaybootmenu', value: 'true' },
  { object: 'bootmgr', element: 'timeout', value: '5' },
  { object: 'bootmgr', element: 'bootems', value: 'true' },
  { object: 'loader', element: 'ems', value: 'true' },
  { object: 'emssettings', element: 'emsport', value: '1' },
  { object: 'emssettings', element: 'emsbaudrate', value: '115200' },
];
const HEALTHY = ['HandshakeHealthy', 'AgentVersion'];
const DISK = ['CrashDumpOff'];
const moved = ['TCP', 'UDP'].map((protocol) =>
  rule({
    name: `RemoteDesktop-UserMode-In-${protocol}`,
    fields: `Action=Allow|Active=TRUE|Dir=In|Protocol=${protocol === 'TCP' ? 6 : 17}|LPort=3390`,
  }),
);

export const EVIDENCE_CASES: readonly EvidenceCase[] = [
  { what: 'a healthy Windows', edits: [], finds: HEALTHY },
  {
    what: 'a policy that wins',
    edits: [value(TERMINAL_SERVICES_POLICY, 'UserAuthentication', 1, '')],
    finds: ['PolicyValues', ...HEALTHY],
  },
  {
    what: 'another port',
    edits: [value(RDP_TCP, 'PortNumber', 3390), rules(...moved)],
    finds: ['PortMovedAlready', ...HEALTHY],
  },
  {
    what: 'one network adapter',
    edits: [value(RDP_TCP, 'LanAdapter', 2)],
    finds: ['?ListenerBoundToAdapter', ...HEALTHY],
  },
  {
    what: 'a listener of another product',
    edits: [value(RDP_TCP, 'LoadableProtocol_Object', '{11111111-0000-0000-0000-000000000000}')],
    finds: ['?ListenerProtocolReplaced', ...HEALTHY],
  },
  {
    what: 'TLS off for clients, and FIPS',
    edits: [
      value(protocolKey('TLS 1.2', 'Client'), 'Enabled', 0),
      value('Control\\Lsa\\FIPSAlgorithmPolicy', 'Enabled', 1),
    ],
    finds: ['?TlsClientDisabled', '?FipsOn', ...HEALTHY],
  },
  {
    what: 'a handshake that ends in TLS',
    edits: [part({ handshake: { stage: 'tls', protocol: '', thumbprint: '' } })],
    finds: ['HandshakeFailed', 'AgentVersion'],
  },
  {
    what: 'an attack',
    edits: [
      part({ failedLogons: { total: 900, items: [{ source: '203.0.113.11', count: 900 }], error: null } }),
    ],
    finds: ['HandshakeHealthy', 'FailedLogons', 'AgentVersion'],
  },
  {
    what: 'logged errors',
    edits: [events(36874, 36870, 1056)],
    finds: ['HandshakeHealthy', 'LoggedErrors', 'AgentVersion'],
  },
  { what: 'only a renewal in the log', edits: [events(1056)], finds: HEALTHY },
  {
    what: 'a firewall that does not run',
    edits: [serviceIs('MpsSvc', { state: 'Stopped' })],
    finds: ['?FirewallServiceStopped', ...HEALTHY],
  },
  {
    what: 'a list that was cut',
    edits: [
      (facts) => {
        facts.firewallRules.total = 900;
        facts.failedLogons.total = 0;
      },
    ],
    finds: ['?ListCut', ...HEALTHY],
  },
  {
    what: 'a part that could not be read',
    edits: [part({ unread: [{ what: 'clock', error: { code: 12_002, text: 'timed out' } }] })],
    finds: ['?CheckFailed', ...HEALTHY],
  },
  {
    what: 'a disk without the serial console',
    edits: [onDisk, part({ boot: CONSOLE.slice(1) })],
    finds: ['SerialConsoleOff', ...DISK],
  },
  { what: 'a disk with it', edits: [onDisk, part({ boot: CONSOLE })], finds: DISK },
  {
    what: 'a disk with dumps on',
    edits: [
      onDisk,
      value('Control\\CrashControl', 'CrashDumpEnabled', 1),
      value('Control\\CrashControl', 'NMICrashDump', 1),
      value('Control\\CrashControl', 'DumpFile', 'D:\\Dumps\\memory.dmp'),
    ],
    finds: [],
  },
];
