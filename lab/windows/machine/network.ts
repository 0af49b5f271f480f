import { hiveList, hiveSubkeys } from '../hive.ts';
import { excludedPortRanges } from '../rdp/listener.ts';
import { selfHandshake } from '../rdp/self-handshake.ts';
import type { Running } from './running.ts';
import type { NetworkOps } from './system-api.ts';

/** Windows' own listeners by the service they belong to; 445 is a driver's. */
const OWN_PORTS: readonly (readonly [number, string])[] = [
  [135, 'rpcss'],
  [445, 'system'],
  [5985, 'system'],
];
const SYSTEM_PID = 4;

export function createNetwork(running: Running): NetworkOps {
  const { services, surroundings } = running;
  const pidOf = (service: string): number => services.processes.get(service.toLowerCase()) ?? SYSTEM_PID;
  const listeners: NetworkOps['listeners'] = () =>
    [...OWN_PORTS, ...services.ports].map(([port, service]) => ({
      address: '0.0.0.0',
      port,
      pid: pidOf(service),
    }));
  const excluded = (port: number): boolean =>
    excludedPortRanges(running).some(({ start, end }) => port >= start && port <= end);
  const localEndpoint: NetworkOps['localEndpoint'] = (port) =>
    services.ports.has(port)
      ? { address: surroundings.address, port, source: surroundings.address }
      : undefined;

  return {
    listeners,
    ownAddresses: () => {
      const interfaces = `${running.controlSet}\\Services\\Tcpip\\Parameters\\Interfaces`;
      const leased = hiveSubkeys(running.system, interfaces).flatMap((name) =>
        hiveList(running.system, `${interfaces}\\${name}`, 'DhcpIPAddress'),
      );
      return leased.length > 0 ? leased : [surroundings.address];
    },
    excludedPortRanges: () => excludedPortRanges(running),
    isPortFree: (port) => !excluded(port) && !listeners().some((listener) => listener.port === port),
    localEndpoint,
    async handshake(port) {
      await running.wire.settled();
      const endpoint = localEndpoint(port);
      if (!endpoint) return { ok: false, stage: 'connect', detail: 'nothing listens on the port' };
      return selfHandshake(endpoint);
    },
  };
}
