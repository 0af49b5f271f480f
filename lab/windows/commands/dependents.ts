import type { Machine } from '../machine.ts';

/** Services that would stop with this one, directly or through another, and run now. */
export function runningDependents(machine: Machine, name: string): string[] {
  const services = machine.services.list().filter(({ state }) => state === 'Running');
  const found = new Set<string>();
  const visit = (wanted: string): void => {
    for (const service of services) {
      const depends = service.dependsOn.some((other) => other.toLowerCase() === wanted.toLowerCase());
      if (!depends || found.has(service.name)) continue;
      found.add(service.name);
      visit(service.name);
    }
  };
  visit(name);
  return [...found];
}
