import { bindings, findCertificateFault, guestRdpKeyPath, storedCertificates } from './certificate.ts';
import { offlineModel } from './offline-model.ts';

export const rdpCertificate = offlineModel('offline/rdp-certificate', {
  hives: ['SYSTEM', 'SOFTWARE'],
  findFaults: findCertificateFault,
  repairFaults(session, guest) {
    const { registry, files } = session.machine;
    for (const { key, state, isBroker } of bindings(session, guest))
      if (state !== 'good' && !isBroker) session.removeValue(key, 'SSLCertificateSHA1Hash');
    const hasKey = files.peek(guestRdpKeyPath(session, guest));
    for (const { key, thumbprint, state } of storedCertificates(session, guest)) {
      if (state === 'good' && hasKey) continue;
      registry.deleteKey(key);
      session.act('delete certificate', thumbprint, state);
    }
  },
});
