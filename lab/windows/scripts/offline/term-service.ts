import { dword, text } from '../values.ts';
import { findServiceFault, NETWORK_SERVICE } from './findings.ts';
import { offlineModel } from './offline-model.ts';

export const termService = offlineModel('offline/term-service', {
  hives: ['SYSTEM'],
  findFaults: findServiceFault,
  repairFaults(session, guest) {
    for (const set of guest.controlSets) {
      const key = `${set}\\Services\\TermService`;
      const account = session.read(key, 'ObjectName');
      if (account !== undefined && !NETWORK_SERVICE.test(String(account))) {
        session.write(key, 'Type', dword(16));
        session.write(key, 'ObjectName', text('NT AUTHORITY\\NetworkService'));
      }
      for (const service of ['UmRdpService', 'SessionEnv', 'TermService'])
        if (session.read(`${set}\\Services\\${service}`, 'Start') === 4)
          session.write(`${set}\\Services\\${service}`, 'Start', dword(3));
    }
  },
});
