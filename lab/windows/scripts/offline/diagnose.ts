import { findCertificateFault } from './certificate.ts';
import {
  findDenyFault,
  findListenerFault,
  findPortFault,
  findSecurityLayerFault,
  findServiceFault,
  rdpPort,
} from './findings.ts';
import { findFirewallFault } from './firewall.ts';
import { findKeyFault } from './machine-key-findings.ts';
import { controlSetName } from './offline-guest.ts';
import { offlineModel } from './offline-model.ts';
import { buildOf, findTlsFault } from './tls-findings.ts';

export const diagnose = offlineModel('offline/diagnose', {
  hives: ['SYSTEM', 'SOFTWARE'],
  findFaults(session, guest) {
    const [firstSet = ''] = guest.controlSets;
    const osName = session.read(`${guest.software}\\Microsoft\\Windows NT\\CurrentVersion`, 'ProductName');
    session.facts['osName'] = osName === undefined ? null : String(osName);
    session.facts['osBuild'] = buildOf(session, guest);
    session.facts['partitionStyle'] = guest.style;
    session.facts['controlSets'] = guest.controlSets.map(controlSetName).join(',');
    session.facts['rdpPort'] = rdpPort(session, firstSet);

    findDenyFault(session, guest);
    findListenerFault(session, guest);
    findServiceFault(session, guest);
    findPortFault(session, guest);
    findFirewallFault(session, guest);
    findKeyFault(session, guest);
    findCertificateFault(session, guest);
    findTlsFault(session, guest);
    findSecurityLayerFault(session, guest);
  },
});
