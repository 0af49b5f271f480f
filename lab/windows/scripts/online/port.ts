import { runningDependents } from '../../commands/dependents.ts';
import type { Machine } from '../../machine.ts';
import type { Session } from '../session.ts';
import { RDP_TCP } from './keys.ts';

const PROTECTED_SERVICES = new Set(
  [
    'WindowsAzureGuestAgent RdAgent WindowsAzureTelemetryService RpcSs RpcEptMapper DcomLaunch SamSs Netlogon KeyIso',
    'VaultSvc Kdc NTDS LanmanServer LanmanWorkstation Dnscache Dhcp BFE MpsSvc EventLog CryptSvc gpsvc ProfSvc',
    'Schedule Winmgmt WinDefend Power PlugPlay LSM BrokerInfrastructure SystemEventsBroker UserManager',
    'CoreMessagingRegistrar',
  ]
    .join(' ')
    .toLowerCase()
    .split(' '),
);

export interface PortOwner {
  pid: number;
  names: string[];
  isRdp: boolean;
  /** One of its services starts with Windows. */
  isAutomatic: boolean;
  canStop: boolean;
}

export function rdpPort({ machine }: Pick<Session, 'machine'>): number {
  return machine.registry.number(RDP_TCP, 'PortNumber') ?? 3389;
}

/** `Get-PortOwner`: one for each process that listens on the port. */
export function portOwners(machine: Machine, port: number): PortOwner[] {
  const pids = machine.network
    .listeners()
    .flatMap((listener) => (listener.port === port ? listener.pid : []));
  return [...new Set(pids)]
    .toSorted((a, b) => a - b)
    .map((pid) => {
      const services = pid > 4 ? machine.services.list().filter((service) => service.pid === pid) : [];
      const names = services.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b));
      return {
        pid,
        names,
        isRdp: names.includes('TermService'),
        isAutomatic: services.some(({ startType }) => startType === 'Automatic'),
        canStop:
          services.length > 0 &&
          services.every(({ name, canStop }) => canStop && !isProtected(name)) &&
          !names.some((name) => runningDependents(machine, name).some(isProtected)),
      };
    });
}

function isProtected(name: string): boolean {
  return PROTECTED_SERVICES.has(name.toLowerCase());
}

export function isPortExcluded(machine: Machine, port: number): boolean {
  return machine.network.excludedPortRanges().some(({ start, end }) => port >= start && port <= end);
}

export function findPortFault(session: Session): void {
  const { machine } = session;
  const port = rdpPort(session);
  const owners = portOwners(machine, port);
  for (const { pid, names, isRdp, canStop, isAutomatic } of owners) {
    if (isRdp) continue;
    const data = { port, owner: names.join(', '), startsWithWindows: isAutomatic };
    if (canStop) {
      session.find('PortTakenByService', 'another service listens on the RDP port', {
        cause: 'rdp-port',
        data,
      });
    } else if (names.length > 0) {
      session.find(
        'PortTakenByProtectedService',
        'a service that must not or cannot be stopped listens on the RDP port',
        { cause: 'rdp-port', data },
      );
    } else {
      session.find('PortTakenByProgram', 'a driver or a program that is no service listens on the RDP port', {
        cause: 'rdp-port',
        data: { ...data, owner: pid <= 4 ? 'System' : 'program' },
      });
    }
  }
  if (!owners.some(({ isRdp }) => isRdp) && isPortExcluded(machine, port)) {
    session.find('PortExcluded', 'the RDP port lies in a reserved range: nothing can listen on it', {
      cause: 'rdp-port',
      data: { port },
    });
  }
  if (port !== 3389) {
    session.find('PortMovedAlready', 'RDP is set to another port than 3389', {
      severity: 'info',
      data: { port },
    });
  }
}
