import { fileAt } from '../volume.ts';
import { same } from '../lookup.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import type { Running } from '../machine/running.ts';
import { isRunning, LSASS_PID, processIdFor, quirkOf, stateOf } from './state.ts';
import {
  DISABLED,
  isWin32,
  serviceDefinition,
  serviceDefinitions,
  type ServiceDefinition,
} from './definition.ts';
import { afterStart, afterStop } from './effects.ts';
import { reconcile } from '../rdp/listener.ts';

/** What Run Command gives a script at the most, unless it is told otherwise. */
const LONGEST_SECONDS = 90 * 60;
const BUILT_IN_ACCOUNT = /^(|LocalSystem|(NT AUTHORITY|NT Service)\\.+)$/i;

/**
 * Starts a service and what it depends on, as the service control manager does; one that takes its time is
 * StartPending afterwards. Errors: 1060, 1056, 1058, 1068, 1069, and 193 for a program file that is not whole.
 */
export function startService(running: Running, name: string): void {
  const service = serviceDefinition(running.system, running.controlSet, name);
  if (!service) throw new WindowsError(WIN32.serviceDoesNotExist, `there is no service ${name}`);
  const state = currentState(running, service.name);
  if (state === 'Running' || state === 'StartPending') return;
  if (state === 'StopPending')
    throw new WindowsError(WIN32.serviceAlreadyRunning, `service ${service.name} has not stopped yet`);
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
  const { processes, startedAt, transitions } = running.services;
  const pid = processIdFor(running, service.name);
  processes.set(service.name.toLowerCase(), pid);
  if (!startedAt.has(pid)) startedAt.set(pid, running.now());
  const waits = service.dependsOn.map((needed) => transitions.get(needed.toLowerCase())?.until ?? 0);
  const seconds = quirkOf(running, service.name).startSeconds ?? 0;
  begin(running, service.name, 'StartPending', Math.max(running.now(), ...waits) + seconds * 1_000);
}

/**
 * Tells a service, after its dependents, to stop; one that takes its time, or hangs, is StopPending afterwards.
 * Errors: 1060, 1051 dependents run (unless `force`), 1052 does not accept stop, 1061 is on its way, 5 protected.
 */
export function stopService(running: Running, name: string, force: boolean): void {
  const service = serviceDefinition(running.system, running.controlSet, name);
  if (!service) throw new WindowsError(WIN32.serviceDoesNotExist, `there is no service ${name}`);
  const state = currentState(running, service.name);
  if (state === 'Stopped') return;
  if (state !== 'Running')
    throw new WindowsError(WIN32.serviceCannotAcceptControl, `service ${service.name} is ${state}`);
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
  const hangs = quirkOf(running, service.name).hangsOnStop === true;
  begin(running, service.name, 'StopPending', hangs ? Infinity : running.now());
}

/**
 * Ends a process, and with it every service in it, whatever they were about to do.
 * Errors: 87 no such process, 5 System, LSASS, a protected process or one Windows cannot be without.
 */
export function killProcess(running: Running, pid: number): void {
  const { processes } = running.services;
  const hosted = serviceDefinitions(running.system, running.controlSet).filter(
    ({ name }) => processes.get(name.toLowerCase()) === pid,
  );
  if (pid <= 4 || pid === LSASS_PID || hosted.some(isVital))
    throw new WindowsError(WIN32.accessDenied, `process ${String(pid)} cannot be ended`);
  if (hosted.length === 0)
    throw new WindowsError(WIN32.invalidParameter, `there is no process ${String(pid)}`);
  for (const { name } of hosted) finishStop(running, name);
}

function isVital({ isProtected, name }: ServiceDefinition): boolean {
  return isProtected || ['rpcss', 'rpceptmapper', 'dcomlaunch', 'lsm'].includes(name.toLowerCase());
}

export function runningDependents(running: Running, name: string): ServiceDefinition[] {
  return serviceDefinitions(running.system, running.controlSet).filter(
    (candidate) =>
      isRunning(running, candidate.name) && candidate.dependsOn.some((dependency) => same(dependency, name)),
  );
}

/** As `stateOf`, once whatever is due has come about. */
export function currentState(running: Running, name: string): ReturnType<typeof stateOf> {
  letTimePass(running);
  return stateOf(running, name);
}

/** Lets a script wait, and brings about whatever is due by then. */
export function wait(running: Running, seconds: number): void {
  running.time.waited += Math.max(0, seconds);
  if (running.time.waited > LONGEST_SECONDS) running.stick('it takes longer than the platform waits');
  letTimePass(running);
}

/** Brings about whatever is due by now. */
export function letTimePass(running: Running): void {
  const { transitions } = running.services;
  const now = running.now();
  for (const [name, { state, until }] of transitions) {
    if (until > now) continue;
    transitions.delete(name);
    if (state === 'StopPending') finishStop(running, name);
    else finishStart(running, name);
  }
  if (running.rdp.listensAt > 0 && running.rdp.listensAt <= now) {
    running.rdp.listensAt = 0;
    reconcile(running);
  }
}

const UP_FOR_LONG_MS = 24 * 3_600_000;

/** It has been up for long: all that starts has started, and what fell silent since is silent. */
export function comeToRest(running: Running): void {
  const { transitions, silent, processes, startedAt } = running.services;
  for (const [name, { state }] of transitions) {
    transitions.delete(name);
    if (state === 'StartPending') finishStart(running, name);
  }
  for (const [pid, time] of startedAt) startedAt.set(pid, time - UP_FOR_LONG_MS);
  running.rdp.listensAt = 0;
  for (const [name, quirk] of Object.entries(running.osDisk.quirks?.services ?? {}))
    if (quirk.silent === true && processes.has(name)) silent.add(name);
  reconcile(running);
}

function begin(running: Running, name: string, state: 'StartPending' | 'StopPending', until: number): void {
  running.services.transitions.set(name.toLowerCase(), { state, until });
  letTimePass(running);
  wakeAt(running, until);
}

function finishStart(running: Running, name: string): void {
  const service = serviceDefinition(running.system, running.controlSet, name);
  if (!service) return;
  afterStart(running, service, (other) => {
    startService(running, other);
  });
  wakeAt(running, running.rdp.listensAt);
}

function finishStop(running: Running, name: string): void {
  const { processes, transitions, silent, startedAt } = running.services;
  const key = name.toLowerCase();
  const pid = processes.get(key);
  processes.delete(key);
  transitions.delete(key);
  silent.delete(key);
  if (pid !== undefined && ![...processes.values()].includes(pid)) startedAt.delete(pid);
  const service = serviceDefinition(running.system, running.controlSet, name);
  if (!service) return;
  afterStop(running, service);
  if (service.comesBack) startService(running, service.name);
}

/** Has the outside see at that time what has come about by then. */
function wakeAt(running: Running, time: number): void {
  const { clock } = running.surroundings;
  if (!Number.isFinite(time) || time <= clock.now()) return;
  clock.setTimer(time, () => {
    if (running.isOver) return;
    letTimePass(running);
    // Opening sockets takes the event loop's time, not the guest's.
    const release = clock.hold();
    running.wire
      .settled()
      .catch(() => undefined)
      .finally(release);
  });
}

function requireProgram(running: Running, { name, serviceDll }: ServiceDefinition): void {
  if (serviceDll === undefined) return;
  const path = serviceDll.replace(/^%SystemRoot%/i, '\\Windows');
  if (fileAt(running.volume, path)?.damaged === true)
    throw new WindowsError(193, `${name}: ${serviceDll} is not a valid Win32 application`);
}
