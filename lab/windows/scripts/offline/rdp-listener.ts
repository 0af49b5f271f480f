import { dword } from '../values.ts';
import { findListenerFault, listenerKey } from './findings.ts';
import { repairListenerSetting } from '../listener.ts';
import { offlineModel } from './offline-model.ts';

export const rdpListener = offlineModel('offline/rdp-listener', {
  hives: ['SYSTEM'],
  findFaults: findListenerFault,
  repairFaults(session, guest) {
    for (const key of guest.controlSets.map(listenerKey)) {
      if (session.read(key, 'fEnableWinStation') !== 1) repairListenerSetting(session, key);
      if (session.read(key, 'fLogonDisabled') === 1) session.write(key, 'fLogonDisabled', dword(0));
      session.write(key, 'fEnableWinStation', dword(1));
    }
  },
});
