import type { Change } from '../model/change.ts';
import type { Facts, ListenerFact } from '../model/facts.ts';
import type { Finding } from '../model/finding.ts';
import type { Cause, Look } from './cause.ts';
import { findingsOf, lastOutcome, whereFaulty } from './finding.ts';
import { DEFAULT_PORT, RDP_TCP, rdpPort } from './listener.ts';
import { eachSet, inSet, numberOf, setForChange } from './look.ts';

/** The first candidate: where a disk's RDP goes when nobody named another port. */
const FIRST_CANDIDATE = 3390;
/** System itself: http.sys or a driver, whatever services claim it. */
const SYSTEM_PID = 4;

const FINDINGS = {
  PortTakenByService: 'another service listens on the RDP port',
  PortTakenByProtectedService: 'a service that must not or cannot be stopped listens on the RDP port',
  PortTakenByProgram: 'a driver or a program that is not a service listens on the RDP port',
  PortExcluded: 'the RDP port is in a reserved range, so nothing can listen on it',
  PortNotServed: 'RDP was moved but does not listen on the new port',
  PortInvalid: 'the port number of the RDP listener is invalid',
  PortToBeMoved: 'something else answers on the RDP port',
} as const;
const found = findingsOf('rdp-port', FINDINGS);

/** Only who is heard from outside: RDP can share its port with 127.0.0.1. */
function isHeardOutside({ address }: ListenerFact): boolean {
  return !address.startsWith('127.') && address !== '::1';
}

/** TermService listens on the port of RDP. */
export function isServed({ listeners }: Facts): boolean {
  return listeners.items.some((listener) => isHeardOutside(listener) && isRdp(listener));
}

function isRdp({ services }: ListenerFact): boolean {
  return services.some((name) => name.toLowerCase() === 'termservice');
}

/** One listener a process: it listens on IPv4 and on IPv6. */
function others({ listeners }: Facts): ListenerFact[] {
  const heard = listeners.items.filter((listener) => isHeardOutside(listener) && !isRdp(listener));
  return heard.filter((one, index) => heard.findIndex(({ pid }) => pid === one.pid) === index);
}

/** What stands in PortNumber. */
function numberThere(facts: Facts, set: string): number {
  return numberOf(facts, set, RDP_TCP, 'PortNumber') ?? DEFAULT_PORT;
}

function taken(listener: ListenerFact, port: number): Finding {
  const { pid, services, canStop, startsWithWindows, process } = listener;
  const isSystem = pid <= SYSTEM_PID;
  const data = { port, startsWithWindows };
  if (isSystem || services.length === 0) {
    const owner = isSystem ? 'System' : 'program';
    return found('PortTakenByProgram', 'fault', { ...data, owner, process });
  }
  // One that starts with Windows may be back after the next restart.
  const code = canStop ? 'PortTakenByService' : 'PortTakenByProtectedService';
  return found(code, 'fault', { ...data, owner: services.toSorted().join(', ') });
}

function detect(look: Look): Finding[] {
  return eachSet(look, (set) => {
    const port = rdpPort(look.facts, set);
    if (port === undefined) {
      return [found('PortInvalid', 'fault', { port: numberThere(look.facts, set), ...inSet(look, set) })];
    }
    return look.facts.scope === 'online' ? detectRunning(look, port) : detectOnDisk(look, set, port);
  });
}

function detectRunning({ facts, ...look }: Look, port: number): Finding[] {
  const isReserved = facts.reservedPorts.items.some(([from, to]) => port >= from && port <= to);
  const notServed = lastOutcome({ facts, ...look }, 'Take-Port')?.outcome.word === 'not-served';
  return [
    ...others(facts).map((listener) => taken(listener, port)),
    ...(isReserved && !isServed(facts) ? [found('PortExcluded', 'fault', { port })] : []),
    ...(notServed && !isServed(facts) ? [found('PortNotServed', 'fault', { port })] : []),
  ];
}

/** Who holds a port is not written on a disk: the wire said it. */
function detectOnDisk(look: Look, set: string, port: number): Finding[] {
  const { portHeldByOther } = look.options;
  if (!portHeldByOther || port === wayOut(look)) return [];
  return [found('PortToBeMoved', 'fault', { port, ...inSet(look, set) })];
}

function wayOut({ options }: Look): number {
  return options.newRdpPort ?? FIRST_CANDIDATE;
}

/** A number that is no port becomes Windows' own again; where that is not to be had, or one is held, the first free candidate. */
function destination(look: Look, port: number | undefined): number {
  const { newRdpPort } = look.options;
  if (newRdpPort !== undefined) return newRdpPort;
  if (port !== undefined) return look.facts.scope === 'offline' ? wayOut(look) : 0;
  const failed = lastOutcome(look, 'Take-Port')?.outcome.word === 'no-free-port';
  return failed ? 0 : DEFAULT_PORT;
}

function repair(look: Look): Change[] {
  const { facts } = look;
  const sets = facts.sets.filter((set) => {
    const port = rdpPort(facts, set);
    return port === undefined || facts.scope === 'online' || detectOnDisk(look, set, port).length > 0;
  });
  return sets.map((set) => {
    const port = rdpPort(facts, set);
    const there = numberThere(facts, set);
    return { do: 'Take-Port', set: setForChange(facts, set), port: there, to: destination(look, port) };
  });
}

export const rdpPortTaken: Cause = {
  id: 'rdp-port',
  step: 'rdp-port',
  order: 40,
  title: 'Another program uses the RDP port',
  findings: FINDINGS,
  reads: [{ hive: 'system', path: RDP_TCP, names: ['PortNumber'] }],
  writes: [],
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'now',
  words: {
    seen: 'Another process uses the port, or the port is in a reserved range (online); an invalid port number, or something other than RDP responds on the port (offline: a disk does not show which process uses a port).',
    mend: 'Stops the service (and those that depend on it), sets it to manual start so that it does not take the port again after a restart, and starts RDP; if it must not or cannot be stopped, or comes back, leaves it unchanged and moves RDP: `PortNumber` and both firewall rules.',
    guidance:
      'Stop the program, or move RDP to another port in registry, firewall and network security group.',
    byHand:
      '`Set-Service NAME -StartupType Manual; Stop-Service NAME -Force; Restart-Service TermService -Force`; or `Set-ItemProperty -Path TS\\WinStations\\RDP-Tcp -Name PortNumber -Value 3390` and `Set-NetFirewallRule -Name RemoteDesktop-UserMode-In-TCP -LocalPort 3390`, then the network security group, NAT rules and Bastion.',
    undo: '`Set-Service NAME -StartupType Automatic; Start-Service NAME` after moving RDP; or set 3389 again in the same places.',
  },
  recipe: [],
};
