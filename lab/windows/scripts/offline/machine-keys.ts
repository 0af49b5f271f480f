import { isKeyPathUsable } from '../online/machine-key-access.ts';
import { repairPermission } from '../permissions.ts';
import { guestRdpKeyPath, keyFolder } from './certificate.ts';
import { findKeyFault } from './machine-key-findings.ts';
import { offlineModel } from './offline-model.ts';

export const machineKeys = offlineModel('offline/machine-keys', {
  hives: ['SOFTWARE'],
  findFaults: findKeyFault,
  repairFaults(session, guest) {
    const { files } = session.machine;
    const key = guestRdpKeyPath(session, guest);
    for (const path of [keyFolder(guest), ...(files.peek(key) ? [key] : [])])
      if (!isKeyPathUsable(session.machine, path)) repairPermission(session, path);
  },
});
