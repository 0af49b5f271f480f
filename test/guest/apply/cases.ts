import { createHash } from 'node:crypto';
import { setInSystem, setInSoftware, systemHiveOf, currentControlSet } from '../../../lab/fleet/disk/edit.ts';
import { dword, list } from '../../../lab/fleet/disk/registry-values.ts';
import {
  addExpiredIssued,
  bindUnreadableCertificate,
  corruptCertificate,
  damageKey,
} from '../../../lab/fleet/faults/certificate.ts';
import type { Fault } from '../../../lab/fleet/faults/fault.ts';
import { blockPort, limitRdpRule } from '../../../lab/fleet/faults/firewall.ts';
import { denyKeyFromAbove, loseKey, removeMachineKeys } from '../../../lab/fleet/faults/machine-keys.ts';
import { excludePort } from '../../../lab/fleet/faults/port.ts';
import { malformValue } from '../../../lab/fleet/faults/registry.ts';
import {
  changeAccount,
  disableService,
  fallSilent,
  foreignService,
} from '../../../lab/fleet/faults/services.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { FIREWALL_RULES } from '../../../lab/windows/firewall.ts';
import { deleteHiveKey, deleteHiveValue } from '../../../lab/windows/hive.ts';
import { RDP_TCP, TERMINAL_SERVER } from '../../../lab/windows/rdp/settings.ts';
import type { Change, RegistryChange, RegistryData } from '../../../shared/model/change.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { diskOf, NOW } from './support.ts';

const SCHANNEL = 'Control\\SecurityProviders\\SCHANNEL\\Protocols';
export const TCP_RULE = 'RemoteDesktop-UserMode-In-TCP';
const UDP_RULE = 'RemoteDesktop-UserMode-In-UDP';

export interface Case {
  what: string;
  make(): GuestDisk;
  /** From what Windows is: thumbprints and process ids are known only then. `set` is the one to name. */
  changes(facts: Facts, set: string): Change[];
  words: readonly string[];
  /** How they end on a disk, where that is otherwise. */
  onDisk?: readonly string[];
  /** RDP answers afterwards, without a restart of Windows; only where the case is online. */
  serves?: boolean;
  /** Where it runs; both without it. */
  only?: 'online' | 'offline';
}

function broken(...faults: readonly Fault[]): () => GuestDisk {
  return () => diskOf('healthy', ...faults);
}

function plain(
  set: string,
  path: string,
  name: string,
  before: RegistryData,
  after: RegistryData,
): RegistryChange {
  return { do: 'registry', hive: set === '' ? 'software' : 'system', set, path, name, before, after };
}

function number(data: number): RegistryData {
  return { kind: 'DWord', data };
}

function setting(key: string, name: string, value: number): Fault {
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

function thumbprints(facts: Facts): string[] {
  return facts.rdpCertificates.items.map(({ thumbprint }) => thumbprint);
}

export function renew(facts: Facts, keyAside = false): Change {
  return { do: 'Renew-Certificate', thumbprints: thumbprints(facts), keyAside };
}

const loseRule: Fault = (disk) => {
  deleteHiveValue(systemHiveOf(disk), `${currentControlSet(disk)}\\${FIREWALL_RULES}`, TCP_RULE);
};
const loseListener: Fault = (disk) => {
  deleteHiveKey(systemHiveOf(disk), `${currentControlSet(disk)}\\${RDP_TCP}`);
};
const suites = 'Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002';
const emptySuites: Fault = (disk) => {
  setInSoftware(disk, suites, 'Functions', list());
};
const supervise: Fault = (disk) => {
  setInSystem(disk, 'Services\\ContosoWebGateway\\Parameters', 'ComesBack', dword(1));
};
const needGateway: Fault = (disk) => {
  setInSystem(disk, 'Services\\ContosoPortal', 'Start', dword(2));
  setInSystem(disk, 'Services\\ContosoPortal', 'Type', dword(16));
  setInSystem(disk, 'Services\\ContosoPortal', 'DependOnService', {
    type: 'REG_MULTI_SZ',
    value: ['ContosoWebGateway'],
  });
};

const PLAIN: readonly Case[] = [
  {
    what: 'connections are let in',
    make: () => diskOf('rdp-denied'),
    changes: (_, set) => [plain(set, TERMINAL_SERVER, 'fDenyTSConnections', number(1), number(0))],
    words: ['written'],
    serves: true,
  },
  {
    what: 'TLS is switched on, Group Policy held, an empty policy removed, a key made',
    make: broken(
      setting(`${SCHANNEL}\\TLS 1.2\\Server`, 'Enabled', 0),
      setting(`${SCHANNEL}\\TLS 1.2\\Server`, 'DisabledByDefault', 1),
      emptySuites,
    ),
    changes: (_, set) => [
      plain(set, 'Services\\gpsvc', 'Start', number(2), number(4)),
      plain(set, `${SCHANNEL}\\TLS 1.3\\Server`, 'DisabledByDefault', null, number(0)),
      plain(set, `${SCHANNEL}\\TLS 1.3\\Server`, 'Enabled', null, number(1)),
      plain(set, `${SCHANNEL}\\TLS 1.2\\Server`, 'DisabledByDefault', number(1), number(0)),
      plain(set, `${SCHANNEL}\\TLS 1.2\\Server`, 'Enabled', number(0), number(1)),
      plain('', suites, 'Functions', { kind: 'MultiString', data: [] }, null),
    ],
    words: ['written', 'written', 'written', 'written', 'written', 'written'],
  },
  {
    what: 'the listener is written anew, a number above 0x7FFFFFFF among it',
    make: broken(loseListener),
    changes: (facts, set) => [
      plain(set, RDP_TCP, 'MaxInstanceCount', null, number(0xffff_ffff)),
      plain(set, RDP_TCP, 'WdName', null, { kind: 'String', data: 'Microsoft RDP 8.0' }),
      plain(set, RDP_TCP, 'PortNumber', null, number(3389)),
      plain(set, RDP_TCP, 'SecurityLayer', null, number(2)),
      plain(set, RDP_TCP, 'MinEncryptionLevel', null, number(3)),
      plain(set, RDP_TCP, 'fEnableWinStation', null, number(1)),
      ...(facts.scope === 'online' ? [restart(facts)] : []),
    ],
    words: ['written', 'written', 'written', 'written', 'written', 'written', 'restarted'],
    serves: true,
  },
  {
    what: 'a value whose bytes do not fit is overwritten',
    make: broken(malformValue(RDP_TCP, 'UserAuthentication', 3)),
    changes: (facts, set) => {
      const key = facts.registry.find((one) => one.path === RDP_TCP);
      const bytes = key?.values.find(({ name }) => name === 'UserAuthentication')?.data;
      return [plain(set, RDP_TCP, 'UserAuthentication', { kind: 'Binary', data: String(bytes) }, number(1))];
    },
    words: ['written'],
    serves: true,
  },
];

const VERBS: readonly Case[] = [
  {
    what: 'Take-Port frees the port of a service and of what needs it',
    make: () => diskOf('rdp-port', needGateway),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 3389, to: 0 }],
    words: ['freed'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Take-Port moves away from a service that does not stop',
    make: () => diskOf('rdp-port-stubborn'),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 3389, to: 0 }],
    words: ['moved'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Take-Port moves away from a service that comes back, and gives it back',
    make: () => diskOf('rdp-port', supervise),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 3389, to: 0 }],
    words: ['moved'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Take-Port moves out of a reserved range',
    make: broken(excludePort),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 3389, to: 0 }],
    words: ['moved'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Take-Port mends a number that is no port',
    make: broken(setting(RDP_TCP, 'PortNumber', 0xffff_ffff)),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 0xffff_ffff, to: 3389 }],
    words: ['moved'],
    serves: true,
  },
  {
    what: 'Take-Port moves RDP on a disk',
    make: () => diskOf('rdp-port'),
    changes: (_, set) => [{ do: 'Take-Port', set, port: 3389, to: 3390 }],
    words: ['moved'],
    only: 'offline',
  },
  {
    what: 'Restart-RdpServices brings a silent TermService back',
    make: broken(fallSilent),
    changes: (facts) => [restart(facts)],
    words: ['restarted'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Repair-KeyAccess gives folder and key back',
    make: () => diskOf('machine-keys'),
    changes: (facts) => [
      { do: 'Repair-KeyAccess', what: 'folder' },
      { do: 'Repair-KeyAccess', what: 'rdp-key' },
      ...(facts.scope === 'online' ? [restart(facts)] : []),
    ],
    words: ['repaired', 'repaired', 'restarted'],
    serves: true,
  },
  {
    what: 'Repair-KeyAccess frees the key of what its folder denies',
    make: broken(denyKeyFromAbove),
    changes: (facts) => [
      { do: 'Repair-KeyAccess', what: 'rdp-key' },
      ...(facts.scope === 'online' ? [restart(facts)] : []),
    ],
    words: ['repaired', 'restarted'],
    serves: true,
  },
  {
    what: 'Repair-KeyAccess lets NETWORK SERVICE read the bound key',
    make: broken(bindUnreadableCertificate(NOW)),
    changes: (facts) => [
      { do: 'Repair-KeyAccess', what: 'bound-key' },
      ...(facts.scope === 'online' ? [restart(facts)] : []),
    ],
    words: ['repaired', 'restarted'],
    serves: true,
  },
  {
    what: 'Repair-KeyAccess makes a missing folder',
    make: broken(removeMachineKeys),
    changes: (facts) => [
      { do: 'Repair-KeyAccess', what: 'folder' },
      ...(facts.scope === 'online' ? [renew(facts)] : []),
    ],
    words: ['made', 'renewed'],
    onDisk: ['made'],
    serves: true,
  },
  {
    what: 'Renew-Certificate replaces an expired one',
    make: () => diskOf('rdp-certificate'),
    changes: (facts) => [renew(facts)],
    words: ['renewed'],
    serves: true,
  },
  {
    what: 'Renew-Certificate replaces a corrupt one',
    make: broken((disk) => {
      corruptCertificate(disk, NOW);
    }),
    changes: (facts) => [renew(facts)],
    words: ['renewed'],
    serves: true,
  },
  {
    what: 'Renew-Certificate deletes one that has lost its key',
    make: broken(loseKey),
    changes: (facts) => [renew(facts)],
    words: ['renewed'],
    serves: true,
  },
  {
    what: 'Renew-Certificate keeps what an authority gave',
    make: () =>
      diskOf('rdp-certificate', (disk) => {
        addExpiredIssued(disk, NOW);
      }),
    changes: (facts) => [renew(facts)],
    // It stays, and Windows makes no other beside it.
    words: ['not-renewed'],
    onDisk: ['deleted'],
  },
  {
    what: 'Renew-Certificate moves a damaged key aside',
    make: broken(damageKey),
    changes: (facts) => [renew(facts, true)],
    words: ['renewed'],
    serves: true,
  },
  {
    what: 'Set-ServiceStart brings services back to their defaults',
    make: broken(
      disableService('SessionEnv'),
      changeAccount('TermService', '.\\svc-rdp'),
      disableService('UmRdpService'),
    ),
    changes: (_, set) => [
      { do: 'Set-ServiceStart', set, service: 'SessionEnv', start: 'Manual', account: 'keep', run: true },
      { do: 'Set-ServiceStart', set, service: 'UmRdpService', start: 'Manual', account: 'keep', run: false },
      { do: 'Set-ServiceStart', set, service: 'TermService', start: 'Manual', account: 'default', run: true },
    ],
    words: ['set', 'set', 'set'],
    serves: true,
  },
  {
    what: 'Set-FirewallRule opens a rule that is off, blocks and holds for few',
    make: () => diskOf('rdp-firewall', limitRdpRule({ profile: 'Private', remote: '10.0.0.0/255.0.0.0' })),
    changes: (_, set) => [
      { do: 'Set-FirewallRule', set, rule: UDP_RULE, port: 3389, fields: ['active'] },
      {
        do: 'Set-FirewallRule',
        set,
        rule: TCP_RULE,
        port: 3390,
        fields: ['active', 'action', 'port', 'profile', 'address'],
      },
    ],
    words: ['set', 'set'],
  },
  {
    what: 'Set-FirewallRule makes a rule that is gone, and switches a Block rule off',
    make: broken(loseRule, blockPort(3389, 'Contoso {B} block')),
    changes: (_, set) => [
      { do: 'Set-FirewallRule', set, rule: TCP_RULE, port: 3389, fields: ['make'] },
      {
        do: 'Set-FirewallRule',
        set,
        rule: { blocks: hashOf('Contoso {B} block') },
        port: 3389,
        fields: ['off'],
      },
    ],
    words: ['set', 'set'],
    serves: true,
  },
  {
    what: 'Refresh-Policy gives Group Policy back',
    make: broken(setting('Services\\gpsvc', 'Start', 4)),
    changes: () => [{ do: 'Refresh-Policy' }],
    words: ['refreshed'],
    serves: true,
    only: 'online',
  },
  {
    what: 'Set-SerialConsole, generation 2',
    make: () => diskOf('healthy'),
    changes: () => [{ do: 'Set-SerialConsole' }],
    words: ['set'],
    only: 'offline',
  },
  {
    what: 'Set-SerialConsole, generation 1',
    make: () => diskOf('rdp-firewall'),
    changes: () => [{ do: 'Set-SerialConsole' }],
    words: ['set'],
    only: 'offline',
  },
];

export const ONLINE_CASES = [...PLAIN, ...VERBS].filter(({ only }) => only !== 'offline');
export const OFFLINE_CASES = [...PLAIN, ...VERBS]
  .filter(({ only }) => only !== 'online')
  .map(({ words, onDisk, ...one }) => ({ ...one, words: onDisk ?? words.flatMap(wordOnDisk) }));

/** A restart is not in the list there, and a new certificate comes with the next start. */
function wordOnDisk(word: string): string[] {
  return word === 'restarted' ? [] : [word === 'renewed' ? 'deleted' : word];
}

/** Another service on a port of its own, for tests of ports. */
export const webServer = (port: number): Fault => foreignService({ name: 'ContosoWeb', port });
