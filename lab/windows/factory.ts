import type { ClockTimer } from '../../shared/clock.ts';
import { startWindows } from './boot/start.ts';
import { findWindows, type BootFailure } from './boot/loader.ts';
import { createEventLog } from './event-log.ts';
import type { Guest, GuestFactory, GuestSurroundings, ScriptEngine } from './guest.ts';
import { registerInside } from './inside.ts';
import type { Machine } from './machine.ts';
import { attachToRunning, detachFromRunning } from './machine/attach.ts';
import { createChangeGate } from './machine/change-gate.ts';
import { createMachine } from './machine/create.ts';
import { cultureOf } from './machine/info.ts';
import type { Running } from './machine/running.ts';
import { isRunning } from './services/state.ts';
import { SID } from './sids.ts';
import { runScript } from './run-script.ts';
import { createWire } from './wire.ts';
import { startWriter } from './writer.ts';

/** From power to services and RDP, in seconds of lab time. */
export const BOOT_SECONDS = 35;
/** From power to an agent that reports Ready. */
const AGENT_MS = 60_000;
const AGENT_SERVICES = ['RdAgent', 'WindowsAzureGuestAgent'];

/** Makes guests whose scripts run on the given engine. */
export function createGuestFactory({ engine }: { engine: ScriptEngine }): GuestFactory {
  return (surroundings) => createGuest(surroundings, engine);
}

function createGuest(surroundings: GuestSurroundings, engine: ScriptEngine): Guest {
  const { clock } = surroundings;
  const gate = createChangeGate();
  const wire = createWire(surroundings.address);
  const log = createEventLog(
    () => clock.now(),
    () => culture,
  );
  let state: Guest['state'] = 'off';
  let running: Running | undefined;
  let failure: BootFailure | undefined;
  /** Language of the Windows that runs, or ran last. */
  let culture = 'en-US';
  let poweredAt = 0;
  let timer: ClockTimer | undefined;
  let endWriter: () => void = () => undefined;

  const machineAs = (principal: string): Machine | undefined =>
    running && createMachine(running, principal, gate);
  const agent = (): Guest['agent'] => {
    if (state === 'off') return 'Unknown';
    const current = running;
    const up = current !== undefined && clock.now() >= poweredAt + AGENT_MS;
    return up && AGENT_SERVICES.every((service) => isRunning(current, service)) ? 'Ready' : 'Not Ready';
  };

  const guest: Guest = {
    get state() {
      return state;
    },
    get agent() {
      return agent();
    },
    async powerOn({ settled = false } = {}) {
      if (state !== 'off') return;
      gate.reset();
      const target = findWindows(surroundings.osDisk);
      if ('code' in target) {
        failure = target;
        state = 'stuck';
        return;
      }
      const start = (): void => {
        culture = cultureOf(target);
        running = startWindows(target, { surroundings, log, wire, gate, bootedAt: clock.now(), settled });
        endWriter = startWriter(target.volume, clock);
        state = 'running';
      };
      if (settled) {
        poweredAt = clock.now() - AGENT_MS;
        start();
        await wire.settled();
        return;
      }
      poweredAt = clock.now();
      state = 'booting';
      timer = clock.setTimer(poweredAt + BOOT_SECONDS * 1000, () => {
        start();
        // Opening sockets takes the event loop's time, not the guest's.
        const release = clock.hold();
        wire
          .settled()
          .catch((error: unknown) => {
            process.emitWarning(`${surroundings.vmName} cannot open its ports: ${String(error)}`);
          })
          .finally(release);
      });
    },
    async powerOff() {
      timer?.cancel();
      log.attack([]);
      endWriter();
      endWriter = () => undefined;
      state = 'off';
      if (running) running.isOver = true;
      running = undefined;
      failure = undefined;
      await wire.close();
    },
    attachDisk(lun, disk) {
      if (running) attachToRunning(running, lun, disk);
    },
    detachDisk(lun) {
      if (running) detachFromRunning(running, lun);
    },
    async runScript(run) {
      if (!running || agent() !== 'Ready')
        return { stdout: '', stderr: 'The VM agent is not ready.', exitCode: 1, seconds: 0 };
      gate.reset();
      const release = clock.hold();
      try {
        return await runScript(running, run, engine, gate);
      } finally {
        await wire.settled();
        release();
      }
    },
  };
  registerInside(guest, {
    machine: () => machineAs(SID.system),
    running: () => running,
    failure: () => failure,
    onChange: (hook) => gate.add(hook),
  });
  return guest;
}
