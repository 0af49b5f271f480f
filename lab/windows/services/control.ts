import { fileAt } from '../volume.ts';
import { same } from '../lookup.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import type { Running } from '../machine/running.ts';
import {
  DISABLED,
  isWin32,
  serviceDefinition,
  serviceDefinitions,
  type ServiceDefinition,
} from './definition.ts';
import { afterStart, afterStop } from './effects.ts';

/** Process that hosts the local security authority: several services live in it. */
const LSASS_SERVICES = ['samss', 'keyiso', 'netlogon'];
const LSASS_PID = 716;
const BUILT_IN_ACCOUNT = /^(|LocalSystem|(NT AUTHORITY|NT Service)\\.+)$/i;

export function isRunning(running: Running, name: string): boolean {
  return running.services.processes.has(name.toLowerCase());
}

/**
 * Starts a service and what it depends on, as the service control manager does.
 * Errors: 1060, 1058, 1068, 1069, and 193 for a program file that is not whole.
 */
export function startService(running: Running, name: string): void {
  const service = serviceDefinition(running.system, running.controlSet, name);
  if (!service) throw new WindowsError(WIN32.serviceDoesNotExist, `there is no service ${name}`);
  if (isRunning(running, service.name)) return;
  if (service.start === DISABLED)
    throw new WindowsError(WIN32.serviceDisabled, `service ${service.name} is disabled`);
  if (!isWin32(service)) return;
  for (const dependency of service.dependsOn) {
    try {
      startService(running, dependency);
    } catch {
      throw new WindowsError(WIN32.serviceDependencyFail, `${service.name}: ${dependency} does not start`);
    }
  }
  if (!BUILT_IN_ACCOUNT.test(service.account))
    throw new WindowsError(WIN32.serviceLogonFailed, `${service.name}: ${service.account} cannot log on`);
  requireProgram(running, service);
  running.services.processes.set(service.name.toLowerCase(), processIdFor(running, service));
  afterStart(running, service, (other) => {
    startService(running, other);
  });
}

/** Errors: 1060, 1062 not running, 1051 dependents run (unless `force`), 1052 does not accept stop, 5 protected. */
export function stopService(running: Running, name: string, force: boolean): void {
  const service = serviceDefinition(running.system, running.controlSet, name);
  if (!service) throw new WindowsError(WIN32.serviceDoesNotExist, `there is no service ${name}`);
  if (!isRunning(running, service.name)) return;
  if (service.isProtected)
    throw new WindowsError(WIN32.accessDenied, `service ${service.name} is a protected process`);
  if (!service.acceptsStop)
    throw new WindowsError(WIN32.invalidServiceControl, `service ${service.name} does not accept stop`);
  const dependents = runningDependents(running, service.name);
  if (dependents.length > 0 && !force) {
    const names = dependents.map((dependent) => dependent.name).join(', ');
    throw new WindowsError(WIN32.dependentServicesRunning, `${service.name} is needed by ${names}`);
  }
  for (const dependent of dependents) stopService(running, dependent.name, true);
  running.services.processes.delete(service.name.toLowerCase());
  afterStop(running, service);
  if (service.comesBack) startService(running, service.name);
}

export function runningDependents(running: Running, name: string): ServiceDefinition[] {
  return serviceDefinitions(running.system, running.controlSet).filter(
    (candidate) =>
      isRunning(running, candidate.name) && candidate.dependsOn.some((dependency) => same(dependency, name)),
  );
}

function processIdFor(running: Running, { name }: ServiceDefinition): number {
  if (LSASS_SERVICES.includes(name.toLowerCase())) return LSASS_PID;
  running.services.lastPid += 4;
  return running.services.lastPid;
}

function requireProgram(running: Running, { name, serviceDll }: ServiceDefinition): void {
  if (serviceDll === undefined) return;
  const path = serviceDll.replace(/^%SystemRoot%/i, '\\Windows');
  if (fileAt(running.volume, path)?.damaged === true)
    throw new WindowsError(193, `${name}: ${serviceDll} is not a valid Win32 application`);
}
