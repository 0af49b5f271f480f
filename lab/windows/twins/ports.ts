import { same } from '../lookup.ts';
import type { ServiceView } from '../machine.ts';
import { requireWmi } from './failure.ts';
import { isProtected } from './facts/listeners.ts';
import { attempt, hiveKey, waitUntil, type Run } from './run.ts';
import { dependentsOf, serviceRow } from './services.ts';
import { readNumber } from './values.ts';

const TERMINAL_SERVER = 'Control\\Terminal Server';
export const RDP_TCP = `${TERMINAL_SERVER}\\WinStations\\RDP-Tcp`;
const POLICY = 'Policies\\Microsoft\\Windows NT\\Terminal Services';
const DEFAULT_PORT = 3389;
const LISTEN_SECONDS = 60;
/** Some services are started again by their supervisor, at once. */
const COMEBACK_SECONDS = 10;

/** A process that listens on a port. Twin of `guest/lib/ports.ps1`. */
export interface Owner {
  pid: number;
  services: ServiceView[];
}

/** What the listener is set to; 3389 where nothing is. */
export function portOf(run: Run, set: string): number {
  return readNumber(run.machine, `${hiveKey(run, set)}\\${RDP_TCP}`, 'PortNumber') ?? DEFAULT_PORT;
}

export function isPort(number: number): boolean {
  return number >= 1 && number <= 65_535;
}

/** Who listens on a port, apart from listeners for this machine alone, and apart from RDP. */
export function foreignOwners(run: Run, port: number): Owner[] {
  return ownersOf(run, port).filter(
    ({ services }) => !services.some(({ name }) => same(name, 'TermService')),
  );
}

function ownersOf({ machine }: Run, port: number): Owner[] {
  requireWmi(machine);
  const pids = machine.network
    .listeners()
    .filter((row) => row.port === port && !row.address.startsWith('127.') && row.address !== '::1')
    .map(({ pid }) => pid);
  return [...new Set(pids)]
    .sort((one, other) => one - other)
    .map((pid) => ({
      pid,
      // Process 4 is System: http.sys or a driver, whatever services claim it.
      services: pid <= 4 ? [] : machine.services.list().filter((service) => service.pid === pid),
    }));
}

/** One service alone in its process: of several nobody can tell which one listens. */
export function canStop(run: Run, { services }: Owner): boolean {
  const [only] = services;
  if (!only || services.length > 1 || isProtected(only.name)) return false;
  // One that is about to stop already, and hangs, is ended by its process.
  const takesControl = only.canStop || only.state === 'StopPending';
  return takesControl && !dependentsOf(run, only.name).some(isProtected);
}

export function isServed(run: Run, port: number): boolean {
  const owners = ownersOf(run, port);
  return owners.length > 0 && foreignOwners(run, port).length === 0;
}

/** Waits until RDP alone listens. Where it is told not to listen at all, that nobody else does is enough. */
export async function becomesServed(run: Run, port: number): Promise<boolean> {
  const mayListen = listens(run);
  let isOver = false;
  await waitUntil(run, LISTEN_SECONDS, (waited) => {
    const isTaken = foreignOwners(run, port).length > 0;
    isOver = mayListen ? isServed(run, port) : !isTaken && waited >= COMEBACK_SECONDS;
    return isOver || (isTaken && waited >= COMEBACK_SECONDS);
  });
  return isOver;
}

function listens(run: Run): boolean {
  const number = (key: string, name: string): number | undefined => readNumber(run.machine, key, name);
  const system = hiveKey(run, 'CurrentControlSet');
  return (
    number(`${system}\\${TERMINAL_SERVER}`, 'fDenyTSConnections') !== 1 &&
    number(`${system}\\${TERMINAL_SERVER}`, 'TSEnabled') !== 0 &&
    number(`${hiveKey(run, '')}\\${POLICY}`, 'fDenyTSConnections') !== 1 &&
    number(`${system}\\${RDP_TCP}`, 'fEnableWinStation') === 1 &&
    serviceRow(run, 'TermService')?.startType !== 'Disabled'
  );
}

/** In a range that Windows keeps for itself: nobody listens, yet binding is refused. Without netsh none is known. */
export async function isExcluded(run: Run, port: number): Promise<boolean> {
  let isIn = false;
  await attempt(run, () => {
    isIn = run.machine.network.excludedPortRanges().some(({ start, end }) => port >= start && port <= end);
  });
  return isIn;
}

export async function isFree(run: Run, port: number): Promise<boolean> {
  requireWmi(run.machine);
  const isTaken = run.machine.network.listeners().some((row) => row.port === port);
  return !isTaken && !(await isExcluded(run, port));
}
