import { runningDependents } from '../../commands/dependents.ts';
import type { Machine, ServiceStartType } from '../../machine.ts';
import { attempt, ScriptFault, scriptModel } from '../envelope.ts';
import type { Session } from '../session.ts';
import { dword } from '../values.ts';
import { rulePorts } from './access.ts';
import { FIREWALL_RULES, RDP_TCP } from './keys.ts';
import { findPortFault, isPortExcluded, portOwners, rdpPort } from './port.ts';

const CANDIDATES = [3390, 33890].flatMap((first) => Array.from({ length: 10 }, (_, index) => first + index));

/** Gives RDP its port back, or another one. */
export const rdpPortModel = scriptModel('online/rdp-port', { detect: findPortFault, repair });

async function repair(session: Session): Promise<void> {
  const { machine } = session;
  const port = rdpPort(session);
  const gaveWay: GaveWay = new Map();
  if (!isPortExcluded(machine, port) && (await stopOwners(session, port, gaveWay))) {
    await session.restartService('TermService');
    if (isRdpListening(machine, port)) {
      if (port !== 3389 && session.actions.length === 1) session.facts['newPort'] = port;
      return;
    }
  }
  await movePort(session);
  await restoreOwners(session, gaveWay);
  if (!isRdpListening(machine, rdpPort(session))) {
    session.find('PortNotServed', 'RDP was moved but does not listen on the new port', {
      cause: 'rdp-port',
      data: { port: rdpPort(session) },
    });
  }
}

function isRdpListening(machine: Machine, port: number): boolean {
  const owners = portOwners(machine, port);
  return owners.length > 0 && owners.every(({ isRdp }) => isRdp);
}

/** What gave way to RDP, with its start type before. */
type GaveWay = Map<string, ServiceStartType>;

async function stopOwners(session: Session, port: number, gaveWay: GaveWay): Promise<boolean> {
  for (const { isRdp, canStop, names } of portOwners(session.machine, port)) {
    if (isRdp) continue;
    if (!canStop) return false;
    for (const name of names) {
      const refused = await attempt(() => stopForGood(session, name, gaveWay));
      if (refused !== undefined) return false;
    }
  }
  return true;
}

async function stopForGood(session: Session, name: string, gaveWay: GaveWay): Promise<void> {
  const { services } = session.machine;
  const all = [...runningDependents(session.machine, name), name];
  for (const one of all) {
    const startType = services.get(one)?.startType ?? 'Manual';
    gaveWay.set(one, startType);
    if (startType !== 'Automatic') continue;
    services.configure(one, { startType: 'Manual' });
    session.act('set service start type', one, 'Automatic', 'Manual');
  }
  await services.stop(name, { force: true });
  for (const one of all) session.act('stop service', one, 'Running', 'Stopped');
}

async function restoreOwners(session: Session, gaveWay: GaveWay): Promise<void> {
  const { services } = session.machine;
  for (const [name, startType] of gaveWay) {
    if (startType === 'Automatic' && services.get(name)?.startType !== 'Automatic') {
      services.configure(name, { startType });
      session.act('set service start type', name, 'Manual', 'Automatic');
    }
    await session.startIfStopped(name);
  }
}

async function movePort(session: Session): Promise<void> {
  const { firewall } = session.machine;
  const port = freePort(session);
  for (const name of FIREWALL_RULES) {
    const rule = firewall
      .rules()
      .find((candidate) => candidate.name === name && candidate.source === 'local');
    if (!rule) continue;
    firewall.set(name, { localPort: String(port) });
    session.act('set firewall rule port', name, rulePorts(rule.localPorts).join(','), String(port));
  }
  session.write(RDP_TCP, 'PortNumber', dword(port));
  await session.restartService('TermService');
  session.facts['newPort'] = port;
}

function freePort({ machine, parameters }: Session): number {
  const wanted = Number(parameters['NewPort'] ?? '0');
  const candidates = wanted === 0 ? CANDIDATES : [wanted];
  const port = candidates.find((candidate) => candidate <= 65535 && machine.network.isPortFree(candidate));
  if (port === undefined)
    throw new ScriptFault(
      'NoFreePort',
      `no free port from ${String(candidates[0])} to ${String(candidates.at(-1))}`,
    );
  return port;
}
