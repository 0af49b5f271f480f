import { ensureRdpCertificate } from '../certificates/renewal.ts';
import type { Running } from '../machine/running.ts';
import { openCredential } from '../rdp/credential.ts';
import { claimRdpPort, reconcile, releaseRdpPort } from '../rdp/listener.ts';
import type { ServiceDefinition } from './definition.ts';
import { isRunning, quirkOf } from './state.ts';

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
      running.rdp.listensAt = running.now() + (quirkOf(running, service.name).listenSeconds ?? 0) * 1_000;
      claimRdpPort(running);
      break;
    case 'sessionenv':
      ensureRdpCertificate(running, start);
      if (isRunning(running, 'TermService')) running.rdp.credential = openCredential(running);
      break;
    default: {
      const { listensOn } = service;
      const ports = portsOf(running, service);
      // Whoever comes first has the port; a latecomer goes without.
      if (listensOn !== undefined && !ports.has(listensOn)) ports.set(listensOn, service.name);
    }
  }
  reconcile(running);
}

export function afterStop(running: Running, service: ServiceDefinition): void {
  const { listensOn } = service;
  const ports = portsOf(running, service);
  if (service.name.toLowerCase() === 'termservice') releaseRdpPort(running);
  else if (listensOn !== undefined && ports.get(listensOn) === service.name) ports.delete(listensOn);
  reconcile(running);
}

/** Two may have one port where one of them has it on 127.0.0.1 alone. */
function portsOf(running: Running, { name }: ServiceDefinition): Map<number, string> {
  const { ports, loopbackPorts } = running.services;
  return quirkOf(running, name).loopbackOnly === true ? loopbackPorts : ports;
}
