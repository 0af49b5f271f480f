import { dword } from '../values.ts';
import { findSecurityLayerFault, listenerKey } from './findings.ts';
import { offlineModel } from './offline-model.ts';

const WANTED = [
  ['MinEncryptionLevel', 3],
  ['UserAuthentication', 1],
  ['fAllowSecProtocolNegotiation', 1],
  ['SecurityLayer', 2],
] as const;

export const rdpSecurityLayer = offlineModel('offline/rdp-security-layer', {
  hives: ['SYSTEM'],
  findFaults: findSecurityLayerFault,
  repairFaults(session, guest) {
    for (const key of guest.controlSets.map(listenerKey)) {
      for (const [name, wanted] of WANTED) {
        const value = session.read(key, name);
        if (value === undefined || Number(value) < wanted) session.write(key, name, dword(wanted));
      }
    }
  },
});
