import { isUnfinished, scriptModel } from '../envelope.ts';
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

/** Tells in one run why RDP does not answer, and changes nothing. */
export const diagnoseModel = scriptModel('online/diagnose', {
  async detect(session) {
    const port = rdpPort(session);
    session.facts['rdpPort'] = port;
    session.facts['rdpOwner'] = portOwners(session.machine, port)
      .map(({ isRdp, names }) => (isRdp ? 'TermService' : names.join(', ')))
      .join('; ');

    findPortFault(session);
    findDenyFault(session);
    findServiceFault(session);
    findFirewallFault(session);
    findListenerFault(session);
    findCertificateFault(session);
    findMachineKeyFault(session);
    findTlsFault(session);
    findSecurityLayerFault(session);
    findGroupPolicyFault(session, 'warning');
    findUnfinishedRepair(session);

    await findHandshake(session, port);
    findFailedLogons(session);
    findLoggedErrors(session);
    findClockSkew(session);
    setSystemFacts(session);
  },
});

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
