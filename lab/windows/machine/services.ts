import { setHiveValue } from '../hive.ts';
import { same } from '../lookup.ts';
import type { Sid } from '../disk.ts';
import { isRunning, runningDependents, startService, stopService } from '../services/control.ts';
import {
  isWin32,
  serviceDefinition,
  serviceDefinitions,
  servicesKey,
  START_TYPES,
  type ServiceDefinition,
} from '../services/definition.ts';
import { SID } from '../sids.ts';
import { WIN32, WindowsError } from './errors.ts';
import type { Running } from './running.ts';
import type { ServiceOps, ServiceView } from './system-api.ts';

export function createServices(running: Running, principal: Sid): ServiceOps {
  const { system, controlSet, wire } = running;
  const demand = (name: string): ServiceDefinition => {
    const service = serviceDefinition(system, controlSet, name);
    if (!service) throw new WindowsError(WIN32.serviceDoesNotExist, `there is no service ${name}`);
    return service;
  };
  const start = async (name: string): Promise<void> => {
    const service = demand(name);
    if (isRunning(running, service.name)) return;
    running.gate({ what: 'service.start', target: service.name });
    startService(running, service.name);
    await wire.settled();
  };
  const stop = async (name: string, force: boolean): Promise<void> => {
    const service = demand(name);
    if (!isRunning(running, service.name)) return;
    running.gate({ what: 'service.stop', target: service.name });
    stopService(running, service.name, force);
    await wire.settled();
  };

  return {
    list: () =>
      serviceDefinitions(system, controlSet)
        .filter(isWin32)
        .map((service) => view(running, service)),
    get: (name) => {
      const service = serviceDefinition(system, controlSet, name);
      return service && view(running, service);
    },
    start,
    stop: (name, { force = false } = {}) => stop(name, force),
    async restart(name, { force = false } = {}) {
      const service = demand(name);
      const dependents = runningDependents(running, service.name).map((dependent) => dependent.name);
      await stop(name, force);
      await start(name);
      for (const dependent of dependents) await start(dependent);
    },
    configure(name, { startType, account }) {
      const service = demand(name);
      // Its console refuses everyone; only its registry key lets SYSTEM write.
      if (same(service.name, 'gpsvc') || (service.isProtected && principal !== SID.system))
        throw new WindowsError(WIN32.accessDenied, `service ${service.name} cannot be changed`);
      running.gate({ what: 'service.configure', target: service.name });
      const key = `${servicesKey(controlSet)}\\${service.name}`;
      if (startType !== undefined)
        setHiveValue(system, key, 'Start', { type: 'REG_DWORD', value: START_TYPES.indexOf(startType) });
      if (account !== undefined) setHiveValue(system, key, 'ObjectName', { type: 'REG_SZ', value: account });
    },
  };
}

function view(running: Running, service: ServiceDefinition): ServiceView {
  const { name, displayName, description, account, imagePath, isProtected, acceptsStop, dependsOn } = service;
  const pid = running.services.processes.get(name.toLowerCase()) ?? 0;
  return {
    name,
    displayName,
    description,
    state: pid === 0 ? 'Stopped' : 'Running',
    startType: START_TYPES[service.start] ?? 'Manual',
    pid,
    account,
    imagePath,
    canStop: acceptsStop && !isProtected,
    isProtected,
    dependsOn,
  };
}
