import type { Socket } from 'node:net';
import { firewallLets } from '../firewall.ts';
import { hiveList } from '../hive.ts';
import type { Running } from '../machine/running.ts';
import type { Serve } from '../wire.ts';
import { serveRdp } from './connection.ts';
import { machineNames } from './names.ts';
import { recordLogonFailure, recordRefusal } from './refusal.ts';
import { rdpSettings } from './settings.ts';

const TERM_SERVICE = 'TermService';
/** Ports below are Windows' own and only listed; the lab cannot open them without rights. */
const FIRST_REAL_PORT = 1024;
/** A filtered connection hears nothing until its client gives up; then the lab forgets it (real time). */
const SILENCE_MS = 30_000;

/** TermService has started: it takes the configured port if nobody has it and no excluded range covers it. */
export function claimRdpPort(running: Running): void {
  const { port, serverEnabled } = rdpSettings(running);
  const isPort = port >= 1 && port <= 65_535;
  const excluded = excludedPortRanges(running).some(({ start, end }) => port >= start && port <= end);
  const isTaken = running.services.ports.has(port) || excluded;
  running.rdp.port = isTaken || !isPort || !serverEnabled ? undefined : port;
}

export function releaseRdpPort(running: Running): void {
  running.rdp.port = undefined;
}

/** `ReservedPorts` of Tcpip, `3389-3400`: what `netsh int ipv4 show excludedportrange` lists in the lab. */
export function excludedPortRanges({ system, controlSet }: Running): { start: number; end: number }[] {
  return hiveList(system, `${controlSet}\\Services\\Tcpip\\Parameters`, 'ReservedPorts').flatMap((range) => {
    const [start, end = start] = range.split('-').map(Number);
    return start !== undefined && end !== undefined ? [{ start, end }] : [];
  });
}

/** Brings the open ports in line with what services and registry say now. */
export function reconcile(running: Running): void {
  const { ports, loopbackPorts, silent } = running.services;
  for (const [port, owner] of ports) if (owner === TERM_SERVICE) ports.delete(port);
  const { port, listensAt } = running.rdp;
  const hears = rdpSettings(running).enabled && listensAt <= running.now() && !silent.has('termservice');
  if (port !== undefined && hears && !ports.has(port)) ports.set(port, TERM_SERVICE);

  const wanted = new Map<number, Serve>();
  for (const [number, owner] of ports) {
    if (number < FIRST_REAL_PORT) continue;
    const serve = owner === TERM_SERVICE ? serveAsTermService(running, number) : serveBanner;
    wanted.set(number, (socket) => {
      if (isOwn(running, socket) || lets(running, number, running.surroundings.probeSource)) serve(socket);
      else socket.setTimeout(SILENCE_MS, () => socket.destroy());
    });
  }
  for (const number of loopbackPorts.keys())
    wanted.set(loopbackStandIn(number), (socket) => {
      if (isOwn(running, socket)) serveBanner(socket);
      else socket.destroy();
    });
  running.wire.want(wanted);
}

/** In the lab a port of the guest's own 127.0.0.1 lies elsewhere on its address, and answers the guest alone. */
export function loopbackStandIn(port: number): number {
  return 20_000 + (port % 40_000);
}

/** Internet hosts that get through to RDP now. */
export function attackersInside(running: Running): string[] {
  const port = [...running.services.ports].find(([, owner]) => owner === TERM_SERVICE)?.[0];
  if (port === undefined) return [];
  return running.surroundings.attackers.filter((source) => lets(running, port, source));
}

function lets(running: Running, port: number, source: string): boolean {
  return running.surroundings.isReachable(source, port) && firewallLets(running, 'tcp', port, source);
}

/** The guest's own connections come from its own address. */
function isOwn({ surroundings }: Running, socket: Socket): boolean {
  return socket.remoteAddress === surroundings.address;
}

function serveAsTermService(running: Running, port: number): Serve {
  return (socket) => {
    const attackers = attackersInside(running);
    running.log.attack(attackers);
    serveRdp(socket, {
      settings: rdpSettings(running),
      credential: running.rdp.credential,
      underAttack: attackers.length > 0,
      onRefused: (reason) => {
        recordRefusal(running, reason, port);
      },
      nla: {
        names: () => machineNames(running),
        onLogonFailure: () => {
          recordLogonFailure(running);
        },
      },
    });
  };
}

/** A web server that took the port: it answers anything with the same refusal. */
function serveBanner(socket: Socket): void {
  socket.once('data', () => {
    socket.end('HTTP/1.1 400 Bad Request\r\nServer: Microsoft-HTTPAPI/2.0\r\nConnection: close\r\n\r\n');
  });
}
