import { hiveList, hiveSubkeys } from '../hive.ts';
import { excludedPortRanges, loopbackStandIn } from '../rdp/listener.ts';
import { serverTlsVersions } from '../rdp/protocols.ts';
import { selfHandshake } from '../rdp/self-handshake.ts';
import { letTimePass } from '../services/control.ts';
import { buildOf } from './info.ts';
import { requireProgram } from './programs.ts';
import type { Running } from './running.ts';
import type { NetworkOps } from './system-api.ts';

/** Windows' own listeners by the service they belong to; 445 is a driver's. */
const OWN_PORTS: readonly (readonly [number, string])[] = [
  [135, 'rpcss'],
  [445, 'system'],
  [5985, 'system'],
];
const SYSTEM_PID = 4;
/** .NET 4.7, which leaves the choice of protocols to Windows, is in Windows 10 1709; before, it offers SSL 3.0 and TLS 1.0. */
export const FIRST_BUILD_WITH_SYSTEM_DEFAULT = 16_299;

export function createNetwork(running: Running): NetworkOps {
  const { services, surroundings } = running;
  const pidOf = (service: string): number => services.processes.get(service.toLowerCase()) ?? SYSTEM_PID;
  const listeners: NetworkOps['listeners'] = () => {
    letTimePass(running);
    const on = (address: string) => (row: readonly [number, string]) => ({
      address,
      port: row[0],
      pid: pidOf(row[1]),
    });
    return [
      ...[...OWN_PORTS, ...services.ports].map(on('0.0.0.0')),
      ...[...services.loopbackPorts].map(on('127.0.0.1')),
    ];
  };
  const excluded = (port: number): boolean =>
    excludedPortRanges(running).some(({ start, end }) => port >= start && port <= end);
  const localEndpoint: NetworkOps['localEndpoint'] = (port) => {
    letTimePass(running);
    const { address } = surroundings;
    // Who listens on the very address comes before who listens on all.
    if (services.loopbackPorts.has(port)) return { address, port: loopbackStandIn(port), source: address };
    return services.ports.has(port) ? { address, port, source: address } : undefined;
  };

  return {
    listeners,
    ownAddresses: () => {
      const interfaces = `${running.controlSet}\\Services\\Tcpip\\Parameters\\Interfaces`;
      const leased = hiveSubkeys(running.system, interfaces).flatMap((name) =>
        hiveList(running.system, `${interfaces}\\${name}`, 'DhcpIPAddress'),
      );
      return leased.length > 0 ? leased : [surroundings.address];
    },
    excludedPortRanges: () => {
      requireProgram(running, 'netsh.exe');
      return excludedPortRanges(running);
    },
    isPortFree: (port) =>
      !excluded(port) &&
      !listeners().some((listener) => listener.port === port && listener.address !== '127.0.0.1'),
    localEndpoint,
    async handshake(port, { names = true } = {}) {
      letTimePass(running);
      await running.wire.settled();
      const endpoint = localEndpoint(port);
      if (!endpoint) return { ok: false, stage: 'connect', detail: 'nothing listens on the port' };
      const seen = await selfHandshake(endpoint);
      const tooOld = !names && buildOf(running) < FIRST_BUILD_WITH_SYSTEM_DEFAULT;
      if (!tooOld || !seen.ok || serverTlsVersions(running.system, running.controlSet, 0).includes('TLS 1.0'))
        return seen;
      return { ok: false, stage: 'tls', detail: 'the server offers neither SSL 3.0 nor TLS 1.0' };
    },
  };
}
