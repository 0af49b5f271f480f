import { setHiveValue } from '../hive.ts';
import { same } from '../lookup.ts';
import type { Sid } from '../disk.ts';
import {
  currentState,
  letTimePass,
  runningDependents,
  startService,
  stopService,
  wait,
} from '../services/control.ts';
import {
  isWin32,
  serviceDefinition,
  serviceDefinitions,
  servicesKey,
  START_TYPES,
  type ServiceDefinition,
} from '../services/definition.ts';
import { stateOf } from '../services/state.ts';
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
  /** Until the service control manager has done with it; for ever where it never does. */
  const awaitEnd = async (name: string): Promise<void> => {
    const transition = running.services.transitions.get(name.toLowerCase());
    if (transition && !Number.isFinite(transition.until))
      running.stick(`service ${name} is ${transition.state}`);
    if (transition) wait(running, (transition.until - running.now()) / 1_000);
    await wire.settled();
  };
  const start = async (name: string, waits = true): Promise<void> => {
    const service = demand(name);
    if (currentState(running, service.name) === 'Running') return;
    running.gate({ what: 'service.start', target: service.name });
    startService(running, service.name);
    if (waits) await awaitEnd(service.name);
    else await wire.settled();
  };
  const stop = async (name: string, force: boolean, waits = true): Promise<void> => {
    const service = demand(name);
    const state = currentState(running, service.name);
    if (state === 'Stopped') return;
    if (state !== 'StopPending') {
      running.gate({ what: 'service.stop', target: service.name });
      stopService(running, service.name, force);
    }
    if (waits) await awaitEnd(service.name);
    else await wire.settled();
  };

  return {
    list: () => {
      letTimePass(running);
      return serviceDefinitions(system, controlSet)
        .filter(isWin32)
        .map((service) => view(running, service));
    },
    get: (name) => {
      letTimePass(running);
      const service = serviceDefinition(system, controlSet, name);
      return service && view(running, service);
    },
    start: (name, { wait: waits = true } = {}) => start(name, waits),
    stop: (name, { force = false, wait: waits = true } = {}) => stop(name, force, waits),
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
  const { processes, startedAt } = running.services;
  const pid = processes.get(name.toLowerCase()) ?? 0;
  const state = stateOf(running, name);
  return {
    name,
    displayName,
    description,
    state,
    startType: START_TYPES[service.start] ?? 'Manual',
    pid,
    startedAt: startedAt.get(pid),
    account,
    imagePath,
    canStop: acceptsStop && !isProtected && state !== 'StopPending' && state !== 'StartPending',
    isProtected,
    dependsOn,
  };
}
