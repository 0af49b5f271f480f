import { dword } from '../values.ts';
import { findDenyFault } from './findings.ts';
import { offlineModel } from './offline-model.ts';

export const rdpDenied = offlineModel('offline/rdp-denied', {
  hives: ['SYSTEM', 'SOFTWARE'],
  findFaults: findDenyFault,
  repairFaults(session, guest) {
    for (const set of guest.controlSets) {
      const key = `${set}\\Control\\Terminal Server`;
      session.write(key, 'fDenyTSConnections', dword(0));
      if (session.read(key, 'TSEnabled') === 0) session.write(key, 'TSEnabled', dword(1));
    }
  },
});
