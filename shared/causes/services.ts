import type { Change, VerbChange } from '../model/change.ts';
import type { ServiceFact } from '../model/facts.ts';
import type { Look, RegistryQuery } from './cause.ts';
import { numberOf, serviceOf } from './look.ts';

type RdpService = Extract<VerbChange, { do: 'Restart-RdpServices' }>['services'][number];

/** Start type "disabled" in the registry. */
const DISABLED = 4;

/** What a disk tells of a service. */
export function serviceQuery(name: string): RegistryQuery {
  return { hive: 'system', path: `Services\\${name}`, names: ['Start', 'ObjectName', 'Type'] };
}

/** Disabled as the service control manager has it; on a disk, as its control set has it. */
export function isDisabled({ facts }: Look, set: string, name: string): boolean {
  if (facts.scope === 'online') return serviceOf(facts, name)?.start === 'Disabled';
  return numberOf(facts, set, `Services\\${name}`, 'Start') === DISABLED;
}

/**
 * Restarts services of RDP, naming their processes as the facts have them, so that it is done once however often it is sent.
 * On a disk the next start of Windows does it.
 */
export function restartRdp({ facts }: Look, services: readonly RdpService[]): Change[] {
  if (facts.scope === 'offline') return [];
  const pids = services.map((name) => serviceOf(facts, name)?.pid ?? 0);
  return [{ do: 'Restart-RdpServices', services: [...services], pids }];
}

/** Seconds since a service's process began; `undefined` where Windows does not tell. */
export function secondsUp({ facts }: Look, { startedAt }: ServiceFact): number | undefined {
  return startedAt === null ? undefined : (Date.parse(facts.at) - Date.parse(startedAt)) / 1000;
}
