import type { EventLog } from '../event-log.ts';
import type { GuestSurroundings } from '../guest.ts';
import { WindowsError } from '../machine/errors.ts';
import type { ChangeGate, Running } from '../machine/running.ts';
import { hiveNumber } from '../hive.ts';
import { GRACE_PERIOD } from '../machine/info.ts';
import { requireAllowed } from '../machine/refusals.ts';
import { attachToRunning, osDiskEntry } from '../machine/attach.ts';
import { applyPolicies, isPolicyServiceDisabled } from '../policy.ts';
import { attackersInside } from '../rdp/listener.ts';
import { comeToRest, startService } from '../services/control.ts';
import { AUTOMATIC, isWin32, serviceDefinitions, DISABLED } from '../services/definition.ts';
import type { Wire } from '../wire.ts';
import type { BootTarget } from './loader.ts';

/** Manual services that Windows itself starts at every boot (Guidance on disabling system services). */
const STARTED_ON_DEMAND = ['CertPropSvc', 'SessionEnv', 'TermService', 'UmRdpService'];

export interface BootParts {
  surroundings: GuestSurroundings;
  log: EventLog;
  wire: Wire;
  gate: ChangeGate;
  /** Milliseconds since the epoch. */
  bootedAt: number;
  /** It was up long before the lab began. */
  settled: boolean;
}

/**
 * Derives what runs from what the disk says: policy first, then the automatic services in the order of the
 * registry, then Remote Desktop's, which finds its port taken when a foreign service was there before.
 */
export function startWindows(target: BootTarget, parts: BootParts): Running {
  const { surroundings, log, wire, gate, bootedAt, settled } = parts;
  const osDisk = surroundings.osDisk;
  const running: Running = {
    ...target,
    surroundings,
    osDisk,
    bootedAt,
    disks: [osDiskEntry(osDisk, target.volume)],
    hives: new Map(),
    services: {
      processes: new Map(),
      transitions: new Map(),
      startedAt: new Map(),
      ports: new Map(),
      loopbackPorts: new Map(),
      silent: new Set(),
      lastPid: 880,
    },
    log,
    wire,
    rdp: { port: undefined, credential: { kind: 'no-certificate' }, listensAt: 0 },
    time: { waited: 0 },
    isOver: false,
    now: () => surroundings.clock.now() + running.time.waited * 1_000,
    gate: (change) => {
      requireAllowed(osDisk, change);
      gate.gate(change);
    },
    stick: (reason) => gate.stick(reason),
  };
  for (const [lun, disk] of surroundings.dataDisks) attachToRunning(running, lun, disk);
  if (!isPolicyServiceDisabled(running)) applyPolicies(running);
  startServices(running);
  if (settled) comeToRest(running);
  log.attack(attackersInside(running));
  if (hiveNumber(running.system, `${running.controlSet}\\${GRACE_PERIOD}`, 'LabDaysLeft') === 0)
    log.write({
      log: 'System',
      id: 1128,
      provider: 'Microsoft-Windows-TerminalServices-RemoteConnectionManager',
      level: 'error',
      data: {},
    });
  return running;
}

function startServices(running: Running): void {
  const definitions = serviceDefinitions(running.system, running.controlSet).filter(isWin32);
  const automatic = definitions.filter(({ start }) => start <= AUTOMATIC).map(({ name }) => name);
  const onDemand = STARTED_ON_DEMAND.filter((name) =>
    definitions.some((service) => service.name === name && service.start !== DISABLED),
  );
  for (const name of [...automatic, ...onDemand]) {
    try {
      startService(running, name);
    } catch (error) {
      if (!(error instanceof WindowsError)) throw error;
      running.log.write({
        log: 'System',
        id: 7000,
        provider: 'Service Control Manager',
        level: 'error',
        detail: { text: error.message },
        data: { Service: name, Error: String(error.code) },
      });
    }
  }
}
