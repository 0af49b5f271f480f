import type { Running } from '../machine/running.ts';
import type { ServiceState } from '../machine/system-api.ts';
import type { ServiceQuirk } from '../quirks.ts';

/** Process that hosts the local security authority: several services live in it. */
const LSASS_SERVICES = ['samss', 'keyiso', 'netlogon'];
export const LSASS_PID = 716;

/** What the service control manager last said of a service. */
export function stateOf({ services }: Running, name: string): ServiceState {
  const key = name.toLowerCase();
  if (!services.processes.has(key)) return 'Stopped';
  return services.transitions.get(key)?.state ?? 'Running';
}

export function isRunning(running: Running, name: string): boolean {
  return stateOf(running, name) === 'Running';
}

export function quirkOf({ osDisk }: Running, name: string): ServiceQuirk {
  return osDisk.quirks?.services?.[name.toLowerCase()] ?? {};
}

/** Process a service starts in: one of its own, unless its host runs already. */
export function processIdFor(running: Running, name: string): number {
  if (LSASS_SERVICES.includes(name.toLowerCase())) return LSASS_PID;
  const { host } = quirkOf(running, name);
  for (const [other, pid] of running.services.processes)
    if (host !== undefined && quirkOf(running, other).host === host) return pid;
  running.services.lastPid += 4;
  return running.services.lastPid;
}

/** Names of the services that live in a process. */
export function servicesIn({ services }: Running, pid: number): string[] {
  return [...services.processes].flatMap(([name, id]) => (id === pid ? [name] : []));
}
