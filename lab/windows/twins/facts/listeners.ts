import type { ListenerFact } from '../../../../shared/model/facts.ts';
import { runningDependents } from '../../commands/dependents.ts';
import { same } from '../../lookup.ts';
import type { Machine, ServiceView } from '../../machine.ts';
import { readHandshake } from '../../seam.ts';
import { wording } from '../../commands/wording.ts';
import type { Reading } from '../facts.ts';
import { requireWmi } from '../failure.ts';
import { rdpPort } from '../opened-windows.ts';

/** Stopping one of these takes away the agent, the network or the logon itself. */
const PROTECTED: readonly string[] = [
  ...['WindowsAzureGuestAgent', 'RdAgent', 'WindowsAzureTelemetryService', 'RpcSs', 'RpcEptMapper'],
  ...['DcomLaunch', 'SamSs', 'Netlogon', 'KeyIso', 'VaultSvc', 'Kdc', 'NTDS', 'LanmanServer'],
  ...['LanmanWorkstation', 'Dnscache', 'Dhcp', 'BFE', 'MpsSvc', 'EventLog', 'CryptSvc', 'gpsvc', 'ProfSvc'],
  ...['Schedule', 'Winmgmt', 'WinDefend', 'Power', 'PlugPlay', 'LSM', 'BrokerInfrastructure'],
  ...['SystemEventsBroker', 'UserManager', 'CoreMessagingRegistrar'],
];
const SYSTEM_PID = 4;

export function readListeners({ machine, windows }: Reading): ListenerFact[] {
  const port = rdpPort(machine, windows);
  requireWmi(machine);
  const services = machine.services.list();
  return machine.network
    .listeners()
    .filter((listener) => listener.port === port)
    .map(({ address, pid }) => {
      const hosted = pid > SYSTEM_PID ? services.filter((service) => service.pid === pid) : [];
      return {
        address,
        port,
        pid,
        process: pid > SYSTEM_PID ? (machine.processes.get(pid)?.name ?? '') : '',
        services: hosted.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b, 'en')),
        canStop: hosted.length > 0 && hosted.every((service) => mayStop(machine, service)),
        startsWithWindows: hosted.some(({ startType }) => startType === 'Automatic'),
      };
    });
}

function mayStop(machine: Machine, { name, canStop }: ServiceView): boolean {
  return canStop && !isProtected(name) && !runningDependents(machine, name).some(isProtected);
}

export function isProtected(name: string): boolean {
  return PROTECTED.some((one) => same(one, name));
}

export function readReservedPorts(machine: Machine): [number, number][] {
  // What PowerShell says of a program that is not there is no error of Windows.
  if (!machine.info.hasProgram('netsh.exe'))
    throw new Error(wording(machine.info.culture).commandNotFound('netsh.exe'));
  return machine.network.excludedPortRanges().map(({ start, end }) => [start, end]);
}

export async function readHandshakeFact({ machine, windows, facts }: Reading): Promise<void> {
  const port = rdpPort(machine, windows);
  if (port < 1 || port > 65_535) return;
  const seen = await readHandshake(machine, port);
  facts.handshake = { stage: seen.Stage, protocol: seen.Protocol, thumbprint: seen.Thumbprint };
}
