import type { Finding } from '../../model/finding.ts';
import type { Evidence, Look } from '../cause.ts';
import { findingsOf } from '../finding.ts';
import { DEFAULT_PORT, RDP_TCP, rdpPort, TERMINAL_SERVICES_POLICY } from '../listener.ts';
import { eachSet, inSet, numberOf, textOf, valueOf } from '../look.ts';
import { policyOf } from '../policy.ts';
import { hasTls13, isSwitchedOff, protocolKey, SUITE_POLICY } from '../schannel.ts';

const FIPS = 'Control\\Lsa\\FIPSAlgorithmPolicy';
/** The listener that Windows itself brings. */
const OWN_PROTOCOL = '{5828227c-20cf-4408-b73f-73ab70b8849f}';
const LONGEST = 80;
const CLIENTS = ['TLS 1.2', 'TLS 1.3'] as const;
const POLICIES = [
  {
    path: TERMINAL_SERVICES_POLICY,
    names: [
      'fDenyTSConnections',
      'SecurityLayer',
      'UserAuthentication',
      'MinEncryptionLevel',
      'CertTemplateName',
    ],
  },
  { path: SUITE_POLICY, names: ['Functions'] },
] as const;

const FINDINGS = {
  PolicyValues: 'these values are set by policy and override the local ones',
  PortMovedAlready: 'RDP uses a port other than 3389',
  ListenerBoundToAdapter: 'the RDP listener answers on one network adapter only',
  ListenerProtocolReplaced: 'the listener belongs to another product',
  TlsClientDisabled: 'the protocol is disabled for clients on this VM',
  FipsOn: 'FIPS mode is on: older clients may not support any allowed algorithm',
} as const;
const found = findingsOf(undefined, FINDINGS);

/** Values of Group Policy that win over the local ones, whatever they say, with the object they come from. */
function policyValues({ facts }: Look): Finding[] {
  const data: Finding['data'] = {};
  for (const { path, names } of POLICIES) {
    for (const name of names) {
      const value = valueOf(facts, '', path, name);
      if (!value) continue;
      const text = Array.isArray(value.data) ? value.data.join(',') : String(value.data);
      data[name] = `${text.slice(0, LONGEST)} (${policyOf(facts, path, name)})`;
    }
  }
  return Object.keys(data).length > 0 ? [found('PolicyValues', 'info', data)] : [];
}

function listener(look: Look, set: string): Finding[] {
  const { facts } = look;
  const port = rdpPort(facts, set) ?? DEFAULT_PORT;
  const adapter = numberOf(facts, set, RDP_TCP, 'LanAdapter') ?? 0;
  const protocol = textOf(facts, set, RDP_TCP, 'LoadableProtocol_Object') ?? OWN_PROTOCOL;
  const isOwn = protocol.toLowerCase() === OWN_PROTOCOL;
  const data = inSet(look, set);
  return [
    ...(port === DEFAULT_PORT ? [] : [found('PortMovedAlready', 'info', { port, ...data })]),
    ...(adapter === 0 ? [] : [found('ListenerBoundToAdapter', 'warning', { adapter, ...data })]),
    ...(isOwn ? [] : [found('ListenerProtocolReplaced', 'warning', { value: protocol, ...data })]),
  ];
}

function clients(look: Look, set: string): Finding[] {
  const { facts } = look;
  const versions = CLIENTS.filter((version) => version === 'TLS 1.2' || hasTls13(facts));
  return [
    ...versions
      .filter((version) => isSwitchedOff(facts, set, version, 'Client'))
      .map((protocol) => found('TlsClientDisabled', 'warning', { protocol, ...inSet(look, set) })),
    ...(numberOf(facts, set, FIPS, 'Enabled') === 1 ? [found('FipsOn', 'warning', inSet(look, set))] : []),
  ];
}

/** What is set, rightly or wrongly: none of it is a fault, all of it may explain what a client meets. */
export const settings: Evidence = {
  findings: FINDINGS,
  reads: [
    ...POLICIES.map(({ path, names }) => ({ hive: 'software' as const, path, names })),
    { hive: 'system', path: RDP_TCP, names: ['PortNumber', 'LanAdapter', 'LoadableProtocol_Object'] },
    ...CLIENTS.map((version) => ({
      hive: 'system' as const,
      path: protocolKey(version, 'Client'),
      names: ['Enabled'],
    })),
    { hive: 'system', path: FIPS, names: ['Enabled'] },
  ],
  detect: (look) => [
    ...policyValues(look),
    ...eachSet(look, (set) => listener(look, set)),
    ...eachSet(look, (set) => clients(look, set)),
  ],
};
