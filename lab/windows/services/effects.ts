import { ensureRdpCertificate } from '../certificates/renewal.ts';
import type { Running } from '../machine/running.ts';
import { openCredential } from '../rdp/credential.ts';
import { claimRdpPort, reconcile, releaseRdpPort } from '../rdp/listener.ts';
import type { ServiceDefinition } from './definition.ts';

/**
 * What a service does when it has started, as far as RDP can tell.
 * @param start starts another service that this one asks for
 */
export function afterStart(
  running: Running,
  service: ServiceDefinition,
  start: (name: string) => void,
): void {
  switch (service.name.toLowerCase()) {
    case 'termservice':
      running.rdp.credential = openCredential(running);
      claimRdpPort(running);
      break;
    case 'sessionenv':
      ensureRdpCertificate(running, start);
      if (running.services.processes.has('termservice')) running.rdp.credential = openCredential(running);
      break;
    default: {
      const { listensOn } = service;
      // Whoever comes first has the port; a latecomer goes without.
      if (listensOn !== undefined && !running.services.ports.has(listensOn)) {
        running.services.ports.set(listensOn, service.name);
      }
    }
  }
  reconcile(running);
}

export function afterStop(running: Running, service: ServiceDefinition): void {
  if (service.name.toLowerCase() === 'termservice') releaseRdpPort(running);
  else if (
    service.listensOn !== undefined &&
    running.services.ports.get(service.listensOn) === service.name
  ) {
    running.services.ports.delete(service.listensOn);
  }
  reconcile(running);
}
