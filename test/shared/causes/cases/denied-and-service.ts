import { RDP_TCP, TERMINAL_SERVER, TERMINAL_SERVICES_POLICY } from '../../../../shared/causes/listener.ts';
import type { Change } from '../../../../shared/model/change.ts';
import { ended, key, onDisk, part, serviceIs, twoSets, value } from '../facts.ts';
import { registry, restart, type Case } from './case.ts';

const start = (change: Partial<Extract<Change, { do: 'Set-ServiceStart' }>>): Change => ({
  do: 'Set-ServiceStart',
  set: 'CurrentControlSet',
  service: 'TermService',
  start: 'Manual',
  account: 'keep',
  run: true,
  ...change,
});
const denied: Case[] = [
  {
    what: 'connections denied',
    cause: 'rdp-denied',
    edits: [value(TERMINAL_SERVER, 'fDenyTSConnections', 1)],
    finds: ['!ConnectionsDenied'],
    changes: [registry(TERMINAL_SERVER, 'fDenyTSConnections', 1, 0)],
  },
  {
    what: 'Remote Desktop switched off as a whole: TermService reads it when it starts',
    cause: 'rdp-denied',
    edits: [value(TERMINAL_SERVER, 'TSEnabled', 0)],
    finds: ['!ConnectionsDenied'],
    changes: [registry(TERMINAL_SERVER, 'TSEnabled', 0, 1), restart('TermService')],
  },
  {
    what: "drain mode, an administrator's choice",
    cause: 'rdp-denied',
    edits: [value(TERMINAL_SERVER, 'TSServerDrainMode', 1), value(TERMINAL_SERVER, 'TSUserEnabled', 1)],
    finds: ['?ConnectionsDenied', '?ConnectionsDenied'],
    changes: [],
  },
  {
    what: 'a policy that denies, which is named and left',
    cause: 'rdp-denied',
    edits: [value(TERMINAL_SERVICES_POLICY, 'fDenyTSConnections', 1, '')],
    finds: ['!ConnectionsDeniedByPolicy'],
    changes: [],
  },
  {
    what: 'connections denied in both control sets of a disk',
    cause: 'rdp-denied',
    edits: [onDisk, value(TERMINAL_SERVER, 'fDenyTSConnections', 1), twoSets],
    finds: ['!ConnectionsDenied', '!ConnectionsDenied'],
    changes: [
      registry(TERMINAL_SERVER, 'fDenyTSConnections', 1, 0, 'ControlSet001'),
      registry(TERMINAL_SERVER, 'fDenyTSConnections', 1, 0, 'ControlSet002'),
    ],
  },
  {
    what: 'a key that may not be read: no fault, and no "no fault" either',
    cause: 'rdp-denied',
    edits: [key(TERMINAL_SERVER, 'unread')],
    finds: [],
    changes: [],
  },
];

/** Values of a listener as Windows Server 2022 lays them down. */
const FRESH: [string, number | string][] = [
  ['LoadableProtocol_Object', '{5828227c-20cf-4408-b73f-73ab70b8849f}'],
  ['PdName', 'tcp'],
  ['PdDLL', 'tdtcp'],
  ['PdName1', 'tssecsrv'],
  ['PdDLL1', 'tssecsrv'],
  ['WdName', 'Microsoft RDP 8.0'],
  ['WdPrefix', 'RDP'],
  ['WdDLL', 'rdpwd'],
  ['WsxDLL', 'rdpwsx'],
  ['CfgDll', 'RDPCFGEX.DLL'],
  ['PdClass', 2],
  ['PdClass1', 11],
  ['PdFlag', 78],
  ['PdFlag1', 0],
  ['WdFlag', 54],
  ['LanAdapter', 0],
  ['MaxInstanceCount', 4294967295],
  ['PortNumber', 3389],
  ['SecurityLayer', 2],
  ['UserAuthentication', 1],
  ['MinEncryptionLevel', 3],
  ['fAllowSecProtocolNegotiation', 1],
];

const listenerCases: Case[] = [
  ...[
    { what: 'the listener gone', edits: [key(RDP_TCP, 'missing')] },
    {
      what: 'a listener that was copied in part',
      edits: [key(RDP_TCP, 'missing'), value(RDP_TCP, 'PdName', 'tcp')],
    },
  ].map(({ what, edits }) => ({
    what,
    cause: 'rdp-listener',
    edits,
    finds: ['!ListenerMissing'],
    changes: [
      ...FRESH.filter(([name]) => what === 'the listener gone' || name !== 'PdName').map(([name, is]) =>
        registry(RDP_TCP, name, null, is),
      ),
      // Last: cut off before it, the next run still sees that it is missing.
      registry(RDP_TCP, 'fEnableWinStation', null, 1),
      restart('TermService'),
    ],
  })),
  {
    what: 'the listener off',
    cause: 'rdp-listener',
    edits: [
      value(RDP_TCP, 'fEnableWinStation', 0),
      ...['PdName', 'PdDLL', 'PdName1', 'PdDLL1', 'WdPrefix', 'WdDLL', 'WsxDLL'].map((name) =>
        value(RDP_TCP, name, 'x'),
      ),
      ...['WdName', 'CfgDll'].map((name) => value(RDP_TCP, name, 'x')),
      ...['PdClass', 'PdClass1', 'PdFlag', 'PdFlag1', 'WdFlag'].map((name) => value(RDP_TCP, name, 7)),
    ],
    finds: ['!ListenerDisabled'],
    changes: [
      registry(RDP_TCP, 'MaxInstanceCount', null, 0xffff_ffff),
      registry(RDP_TCP, 'fEnableWinStation', 0, 1),
      restart('TermService'),
    ],
  },
  {
    what: 'a listener that refuses logons',
    cause: 'rdp-listener',
    edits: [value(RDP_TCP, 'fLogonDisabled', 1)],
    finds: ['!ListenerDisabled'],
    changes: [registry(RDP_TCP, 'fLogonDisabled', 1, 0), restart('TermService')],
  },
];

const serviceCases: Case[] = [
  {
    what: 'TermService disabled',
    cause: 'term-service',
    edits: [serviceIs('TermService', { state: 'Stopped', start: 'Disabled', pid: 0 })],
    finds: ['!TermServiceDisabled'],
    changes: [start({})],
  },
  {
    what: 'TermService stopped',
    cause: 'term-service',
    edits: [serviceIs('TermService', { state: 'Stopped', pid: 0 })],
    finds: ['!TermServiceStopped'],
    changes: [start({ start: 'keep' })],
  },
  {
    what: 'TermService running under another account: it counts from the next start',
    cause: 'term-service',
    edits: [serviceIs('TermService', { account: '.\\svc-rdp' })],
    finds: ['!TermServiceAccountChanged'],
    changes: [start({ start: 'keep', account: 'default', run: false }), restart('SessionEnv', 'TermService')],
  },
  {
    what: 'its helpers disabled',
    cause: 'term-service',
    edits: [
      serviceIs('SessionEnv', { state: 'Stopped', start: 'Disabled' }),
      serviceIs('UmRdpService', { state: 'Stopped', start: 'Disabled' }),
    ],
    finds: ['!RdpServiceDisabled', '?RdpServiceDisabled'],
    changes: [
      start({ service: 'SessionEnv' }),
      start({ service: 'UmRdpService', run: false }),
      restart('SessionEnv', 'TermService'),
    ],
  },
  {
    what: 'TermService that does not start all the same',
    cause: 'term-service',
    edits: [serviceIs('TermService', { state: 'Stopped', pid: 0 })],
    done: [ended(start({}), 'start-failed', { code: 1069, text: 'logon failure' })],
    finds: ['!TermServiceStopped', '!ServiceStartFailed'],
    changes: [start({ start: 'keep' })],
  },
  {
    what: 'a restart that a run which was cut off still owes',
    cause: 'term-service',
    edits: [part({ owed: ['restart'] })],
    finds: ['!RepairUnfinished'],
    changes: [restart('SessionEnv', 'TermService')],
  },
  {
    what: 'TermService disabled under a lost account, on a disk',
    cause: 'term-service',
    edits: [
      onDisk,
      value('Services\\TermService', 'Start', 4),
      value('Services\\TermService', 'ObjectName', '.\\svc-rdp'),
    ],
    finds: ['!TermServiceAccountChanged', '!TermServiceDisabled'],
    changes: [start({ set: 'ControlSet001', account: 'default', run: false })],
  },
];

export const DENIED_AND_SERVICE: readonly Case[] = [...denied, ...listenerCases, ...serviceCases];
