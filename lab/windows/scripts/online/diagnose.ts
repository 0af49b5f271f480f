import { attempt, isUnfinished, scriptModel } from '../envelope.ts';
import type { Session } from '../session.ts';
import {
  findDenyFault,
  findFirewallFault,
  findListenerFault,
  findSecurityLayerFault,
  findServiceFault,
} from './access.ts';
import { findCertificateFault } from './certificate.ts';
import { findClockSkew, findFailedLogons, findHandshake, findLoggedErrors } from './evidence.ts';
import { findMachineKeyFault } from './machine-key-access.ts';
import { findPortFault, portOwners, rdpPort } from './port.ts';
import { findPolicyValues, setSettingFacts } from './settings.ts';
import { findGroupPolicyFault, findTlsFault } from './tls-state.ts';

const REPAIRABLE = [
  'rdp-port',
  'rdp-denied',
  'term-service',
  'rdp-firewall',
  'rdp-listener',
  'rdp-certificate',
  'machine-keys',
  'tls',
  'rdp-security-layer',
] as const;

/** By the name of their function in PowerShell. */
const CHECKS: readonly (readonly [string, (session: Session) => void | Promise<void>])[] = [
  ['Set-PortFact', setPortFacts],
  ['Find-PortFault', findPortFault],
  ['Find-DenyFault', findDenyFault],
  ['Find-ServiceFault', findServiceFault],
  ['Find-FirewallFault', findFirewallFault],
  ['Find-ListenerFault', findListenerFault],
  ['Find-CertificateFault', findCertificateFault],
  ['Find-MachineKeyFault', findMachineKeyFault],
  ['Find-TlsFault', findTlsFault],
  ['Find-SecurityLayerFault', findSecurityLayerFault],
  [
    'Find-GroupPolicyFault',
    (session) => {
      findGroupPolicyFault(session, 'warning');
    },
  ],
  ['Find-PolicyValue', findPolicyValues],
  ['Find-UnfinishedRepair', findUnfinishedRepair],
  ['Find-Handshake', (session) => findHandshake(session, rdpPort(session))],
  ['Find-FailedLogon', findFailedLogons],
  ['Find-LoggedError', findLoggedErrors],
  ['Find-ClockSkew', findClockSkew],
  ['Set-SettingFact', setSettingFacts],
  ['Set-SystemFact', setSystemFacts],
];

/** Tells in one run why RDP does not answer, and changes nothing. */
export const diagnoseModel = scriptModel('online/diagnose', {
  async detect(session) {
    for (const [check, look] of CHECKS) {
      const failure = await attempt(() => look(session));
      if (failure !== undefined)
        session.find('CheckFailed', failure, { severity: 'warning', data: { check } });
    }
  },
});

function setPortFacts(session: Session): void {
  const port = rdpPort(session);
  session.facts['rdpPort'] = port;
  const owners = portOwners(session.machine, port);
  session.facts['rdpOwner'] = owners
    .map(({ isRdp, names }) => (isRdp ? 'TermService' : names.join(', ')))
    .join('; ');
  session.facts['rdpProcess'] = owners.map(({ pid }) => pid).join(', ');
}

function findUnfinishedRepair(session: Session): void {
  for (const cause of REPAIRABLE) {
    if (!isUnfinished(session, `online/${cause}`)) continue;
    session.find('RepairUnfinished', 'a repair of this cause was cut off', { cause });
  }
}

function setSystemFacts(session: Session): void {
  const { info, services } = session.machine;
  session.facts['osName'] = info.osName;
  session.facts['osBuild'] = info.build;
  session.facts['language'] = info.culture;
  if (!services.get('WindowsAzureGuestAgent') || info.agentVersion === undefined) return;
  session.facts['agentVersion'] = info.agentVersion;
  session.find('AgentVersion', 'version of the VM agent', {
    severity: 'info',
    data: { version: info.agentVersion },
  });
}
