import { CAUSES } from '../../../shared/causes/index.ts';
import type { Done, Look, RepairOptions } from '../../../shared/causes/cause.ts';
import { EVIDENCE } from '../../../shared/causes/evidence/index.ts';
import { RDP_TCP, TERMINAL_SERVER, WIN_STATIONS } from '../../../shared/causes/listener.ts';
import type { Change } from '../../../shared/model/change.ts';
import {
  factsSchema,
  type CertificateFact,
  type Facts,
  type ListenerFact,
  type RegistryFact,
  type ServiceFact,
  type Unread,
} from '../../../shared/model/facts.ts';

/** The clock of whoever looks. */
export const AT = '2026-11-20T12:00:00.000Z';
export const SET = 'ControlSet001';
/** In the workgroup, as icacls shows a key that Windows made. */
export const OWN_KEY_SDDL = 'D:PAI(A;;FA;;;SY)(A;;FR;;;NS)';
export const FOLDER_SDDL = 'D:PAI(A;OICI;FA;;;BA)(A;;0x12019f;;;WD)';
export const DENIED: Unread = { code: 5, text: 'Zugriff verweigert' };

type Value = number | string | string[] | Pick<RegistryFact, 'kind' | 'data'>;

/** Changes a copy of the facts. */
export type Edit = (facts: Facts) => void;

const full = <Item>(...items: Item[]) => ({ total: items.length, items, error: null });

function service(name: string, change: Partial<ServiceFact> = {}): ServiceFact {
  return {
    name,
    state: 'Running',
    start: 'Manual',
    pid: 1000,
    startedAt: '2026-11-20T08:00:00.000Z',
    account: 'LocalSystem',
    ...change,
  };
}

export function rule(change: { name?: string; fields?: string; source?: 'local' | 'policy' } = {}) {
  const { name = 'RemoteDesktop-UserMode-In-TCP', source = 'local' } = change;
  const protocol = name.endsWith('UDP') ? 17 : 6;
  const { fields = `Action=Allow|Active=TRUE|Dir=In|Protocol=${protocol}|LPort=3389|Svc=termservice` } =
    change;
  return { name, source, rule: `v2.31|${fields}|EmbedCtxt=@FirewallAPI.dll,-28752|` };
}

export function certificate(change: Partial<CertificateFact> = {}): CertificateFact {
  return {
    thumbprint: 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334',
    state: 'parsed',
    notBefore: '2026-09-20T12:00:00.000Z',
    notAfter: '2027-03-20T12:00:00.000Z',
    algorithm: 'RSA',
    bits: 2048,
    selfIssued: true,
    namesKey: true,
    ...change,
  };
}

export function listener(change: Partial<ListenerFact> = {}): ListenerFact {
  return {
    address: '0.0.0.0',
    port: 3389,
    pid: 1200,
    process: 'svchost.exe',
    services: ['TermService'],
    canStop: false,
    startsWithWindows: false,
    ...change,
  };
}

const REGISTRY: readonly [path: string, values: Record<string, Value>][] = [
  [TERMINAL_SERVER, { fDenyTSConnections: 0, TSEnabled: 1, TSServerDrainMode: 0, TSUserEnabled: 0 }],
  [WIN_STATIONS, { SelfSignedCertStore: 'Remote Desktop' }],
  [
    RDP_TCP,
    {
      PortNumber: 3389,
      fEnableWinStation: 1,
      fLogonDisabled: 0,
      LanAdapter: 0,
      SecurityLayer: 2,
      UserAuthentication: 1,
      MinEncryptionLevel: 3,
      fAllowSecProtocolNegotiation: 1,
      LoadableProtocol_Object: '{5828227c-20cf-4408-b73f-73ab70b8849f}',
    },
  ],
  ['Services\\TermService', { Start: 3, Type: 16, ObjectName: 'NT Authority\\NetworkService' }],
  ['Services\\SessionEnv', { Start: 3, Type: 32, ObjectName: 'localSystem' }],
  ['Services\\UmRdpService', { Start: 3, Type: 32, ObjectName: 'localSystem' }],
  ['Services\\CertPropSvc', { Start: 3, Type: 32, ObjectName: 'LocalSystem' }],
  ['Services\\KeyIso', { Start: 3, Type: 32, ObjectName: 'LocalSystem' }],
  ['Services\\CryptSvc', { Start: 2, Type: 32, ObjectName: 'NT Authority\\NetworkService' }],
  ['Services\\gpsvc', { Start: 2, Type: 32 }],
];

/** Writes a value of a control set (of SOFTWARE: ''); `null` takes it away. */
export function value(path: string, name: string, data: Value | null, set = SET): Edit {
  return (facts) => {
    const key = keyIn(facts, set, path);
    key.state = 'here';
    key.values = key.values.filter((one) => one.name !== name);
    if (data !== null) key.values.push({ name, ...typed(data) });
  };
}

function typed(data: Value): Pick<RegistryFact, 'kind' | 'data'> {
  if (typeof data === 'number') return { kind: 'DWord', data };
  if (typeof data === 'string') return { kind: 'String', data };
  return Array.isArray(data) ? { kind: 'MultiString', data } : data;
}

function keyIn(facts: Facts, set: string, path: string) {
  const hive = set === '' ? ('software' as const) : ('system' as const);
  const there = facts.registry.find(
    (key) => key.set === set && key.path.toLowerCase() === path.toLowerCase(),
  );
  if (there) return there;
  const key: Facts['registry'][number] = { hive, set, path, state: 'missing', values: [], error: null };
  facts.registry.push(key);
  return key;
}

/** A key that is gone, or that may not be read. */
export function key(path: string, state: 'missing' | 'unread', set = SET): Edit {
  return (facts) => {
    Object.assign(keyIn(facts, set, path), {
      state,
      values: [],
      error: state === 'unread' ? DENIED : null,
    });
  };
}

export function serviceIs(name: string, change: Partial<ServiceFact> | null): Edit {
  return (facts) => {
    const { items } = facts.services;
    const others = items.filter((one) => one.name !== name);
    const is = items.find((one) => one.name === name);
    facts.services = full(...others, ...(change === null ? [] : [service(name, { ...is, ...change })]));
  };
}

/** Any part of the facts. */
export function part(change: Partial<Facts>): Edit {
  return (facts) => {
    Object.assign(facts, change);
  };
}

export function keys(change: Partial<Facts['keys']>): Edit {
  return (facts) => {
    facts.keys = { ...facts.keys, ...change };
  };
}

export function rules(...items: ReturnType<typeof rule>[]): Edit {
  return part({ firewallRules: full(...items) });
}

export function certificates(...items: CertificateFact[]): Edit {
  return part({ rdpCertificates: full(...items) });
}

export function listeners(...items: ListenerFact[]): Edit {
  return part({ listeners: full(...items) });
}

/** A Windows with nothing wrong, running; a member of no domain. */
export function healthyFacts(...edits: readonly Edit[]): Facts {
  const facts: Facts = {
    schema: 2,
    scope: 'online',
    at: AT,
    windows: {
      name: 'Microsoft Windows Server 2022 Datacenter',
      build: 20_348,
      language: 'en-US',
      computer: 'VM',
      domain: '',
      machineGuid: '0b1c2d3e-0000-4000-8000-000000000000',
      agent: '2.7.41491.1121',
      powerShell: '5.1.20348.2849',
      updatesPending: false,
    },
    sets: [SET],
    registry: [],
    services: full(
      service('TermService', { pid: 1200, account: 'NT Authority\\NetworkService' }),
      service('SessionEnv', { pid: 1300 }),
      service('UmRdpService', { pid: 1400 }),
      service('CertPropSvc'),
      service('KeyIso'),
      service('CryptSvc', { start: 'Automatic' }),
      service('gpsvc', { start: 'Automatic' }),
      service('MpsSvc', { start: 'Automatic' }),
    ),
    listeners: full(listener(), listener({ address: '::' })),
    reservedPorts: full(),
    rdpCertificates: full(certificate()),
    boundCertificate: null,
    keys: {
      folder: { state: 'here', owner: 'S-1-5-18', sddl: FOLDER_SDDL, error: null },
      rdpKey: { state: 'here', owner: 'S-1-5-18', sddl: OWN_KEY_SDDL, error: null },
      boundKey: null,
      opens: 'yes',
      opensCode: 0,
      files: 3,
    },
    firewallRules: full(rule(), rule({ name: 'RemoteDesktop-UserMode-In-UDP' })),
    handshake: { stage: 'done', protocol: 'Tls12', thumbprint: certificate().thumbprint },
    events: full(),
    failedLogons: full(),
    policies: full(),
    appliedPolicies: full(),
    space: { free: '90000000000', size: '136000000000' },
    clockAheadSeconds: 0,
    boot: [],
    installations: [],
    owed: [],
    unread: [],
  };
  for (const { hive, path } of [...CAUSES, ...EVIDENCE].flatMap(({ reads }) => reads)) {
    keyIn(facts, hive === 'software' ? '' : SET, path);
  }
  for (const [path, values] of REGISTRY) {
    for (const [name, data] of Object.entries(values)) value(path, name, data)(facts);
  }
  const profiles = 'Microsoft\\Windows NT\\CurrentVersion\\ProfileList';
  value(profiles, 'ProgramData', { kind: 'ExpandString', data: '%SystemDrive%\\ProgramData' }, '')(facts);
  for (const edit of edits) edit(facts);
  return factsSchema.parse(facts);
}

/** The same Windows on a disk: nothing runs. */
export const onDisk: Edit = (facts) => {
  Object.assign(facts, {
    scope: 'offline',
    services: full(),
    listeners: full(),
    handshake: { stage: 'untried', protocol: '', thumbprint: '' },
    clockAheadSeconds: null,
  });
  facts.windows.agent = '';
  facts.keys.opens = 'unknown';
};

/** A second control set that counts, as the first one is by now. */
export const twoSets: Edit = (facts) => {
  facts.sets.push('ControlSet002');
  for (const one of facts.registry.filter(({ set }) => set === SET)) {
    facts.registry.push({ ...structuredClone(one), set: 'ControlSet002' });
  }
};

const NO_OPTIONS: RepairOptions = {
  legacyTls: false,
  newRdpPort: undefined,
  portHeldByOther: false,
  agentAnswers: true,
};

export function lookAt(
  facts: Facts,
  { done = [], options = {} }: { done?: readonly Done[]; options?: Partial<RepairOptions> } = {},
): Look {
  return { facts, done, options: { ...NO_OPTIONS, ...options } };
}

/** A change that was carried out and ended so. */
export function ended(change: Change, word: string, error: Unread | null = null): Done {
  return { change, outcome: { change: 0, do: change.do, word, wrote: [], data: [], error } };
}
