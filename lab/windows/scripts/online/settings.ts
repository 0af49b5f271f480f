import type { Session } from '../session.ts';
import { boundCertificateState, rdpCertificates } from './certificate.ts';
import { CIPHER_POLICY, RDP_TCP, SCHANNEL_PROTOCOLS, TERMINAL_SERVER, TS_POLICY } from './keys.ts';
import { policySource } from './policy.ts';

const LISTENER = [
  'PortNumber',
  'fEnableWinStation',
  'UserAuthentication',
  'SecurityLayer',
  'fAllowSecProtocolNegotiation',
  'MinEncryptionLevel',
];
const SERVICES = ['TermService', 'SessionEnv', 'UmRdpService', 'gpsvc'];
const TLS_VERSIONS = ['TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'];
const POLICY_VALUES: readonly (readonly [key: string, names: readonly string[]])[] = [
  [
    TS_POLICY,
    ['fDenyTSConnections', 'SecurityLayer', 'UserAuthentication', 'MinEncryptionLevel', 'CertTemplateName'],
  ],
  [CIPHER_POLICY, ['Functions']],
];
/** `Win32_Service` calls it so. */
const START_MODES: Readonly<Record<string, string>> = { Automatic: 'Auto' };

/** What the settings are, right or wrong. */
export function setSettingFacts(session: Session): void {
  const { machine, facts } = session;
  facts['listener'] = [
    shown(session, TERMINAL_SERVER, ['fDenyTSConnections']),
    shown(session, RDP_TCP, LISTENER),
  ].join(' ');
  const own = rdpCertificates(machine).map(({ state, notAfter }) => `${state} ${notAfter}`.trimEnd());
  facts['certificates'] = `bound: ${boundCertificateState(machine)}; own: ${own.join(', ')}`;
  facts['services'] = SERVICES.map((name) => {
    const service = machine.services.get(name);
    if (!service) return `${name}=missing`;
    return `${name}=${service.state}/${START_MODES[service.startType] ?? service.startType}`;
  }).join(' ');
  facts['protocolsOff'] = TLS_VERSIONS.flatMap((version) =>
    ['Server', 'Client'].map((side) => [version, side]),
  )
    .filter(([version = '', side = '']) => isOff(session, `${SCHANNEL_PROTOCOLS}\\${version}\\${side}`))
    .map((words) => words.join(' '))
    .join(', ');
}

function shown(session: Session, key: string, names: readonly string[]): string {
  return names.map((name) => `${name}=${String(session.read(key, name) ?? '-')}`).join(' ');
}

function isOff(session: Session, key: string): boolean {
  return session.read(key, 'Enabled') === 0 || (session.read(key, 'DisabledByDefault') ?? 0) !== 0;
}

/** Values of Group Policy that win over the local ones, with the object they come from. */
export function findPolicyValues(session: Session): void {
  const data: Record<string, string> = {};
  for (const [key, names] of POLICY_VALUES) {
    for (const name of names) {
      const value = session.read(key, name);
      if (value === undefined) continue;
      data[name] = `${[value].flat().join(',').slice(0, 80)} (${policySource(session.machine, key, name)})`;
    }
  }
  if (Object.keys(data).length === 0) return;
  session.find('PolicyValues', 'policies set these values, whatever the local ones say', {
    severity: 'info',
    data,
  });
}
