import { dword } from '../values.ts';
import { offlineModel } from './offline-model.ts';
import {
  cipherPolicyKey,
  findTlsFault,
  hasTls13,
  isCipherPolicyEmpty,
  schannelServer,
} from './tls-findings.ts';

export const tls = offlineModel('offline/tls', {
  hives: ['SYSTEM', 'SOFTWARE'],
  findFaults: findTlsFault,
  repairFaults(session, guest) {
    const versions = [
      ...(session.parameters['LegacyTls'] === 'yes' ? ['TLS 1.0', 'TLS 1.1'] : []),
      ...(hasTls13(session, guest) ? ['TLS 1.3'] : []),
      'TLS 1.2',
    ];
    const holdPolicy = session.parameters['HoldPolicy'] !== 'no';
    for (const set of guest.controlSets) {
      if (holdPolicy) session.write(`${set}\\Services\\gpsvc`, 'Start', dword(4));
      for (const version of versions) {
        session.write(schannelServer(set, version), 'DisabledByDefault', dword(0));
        session.write(schannelServer(set, version), 'Enabled', dword(1));
      }
    }
    if (isCipherPolicyEmpty(session, guest)) session.removeValue(cipherPolicyKey(guest), 'Functions');
    if (holdPolicy) session.facts['groupPolicyService'] = 'disabled';
  },
});
