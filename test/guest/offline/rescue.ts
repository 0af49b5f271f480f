import { composeScript } from '../../../shared/catalog/guest-scripts.ts';
import type { Clock } from '../../../shared/clock.ts';
import { guestResultSchema, RESULT_MARKER, type GuestResult } from '../../../shared/model/guest-result.ts';
import { healthyDisk } from '../../../lab/fleet/disk/healthy-disk.ts';
import { SERVER_2025, type WindowsRelease } from '../../../lab/fleet/disk/options.ts';
import { stableDiskIdentity } from '../../../lab/fleet/disk/stable-id.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import type { Guest, ScriptEngine } from '../../../lab/windows/guest.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import type { ChangeHook } from '../../../lab/windows/machine.ts';
import type { Running } from '../../../lab/windows/machine/running.ts';

/** The lab's noon; certificates of the fleet are dated by it. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');
export const LUN = 3;

const still: Clock = {
  now: () => NOW,
  setTimer: () => ({ cancel: () => undefined }),
  hold: () => () => undefined,
};

export interface Rescue {
  guest: Guest;
  running: Running;
  /** Runs a script on the rescue VM against the attached disk; throws without a result line. */
  run(id: string, parameters?: Record<string, string>): Promise<GuestResult>;
  /** The same, ended by the hook wherever it throws; says whether it was. */
  runUntilKilled(id: string, hook: ChangeHook): Promise<boolean>;
  close(): Promise<void>;
}

export interface RescueOptions {
  engine?: ScriptEngine;
  release?: WindowsRelease;
  /** Another identity than the fleet's, unless a collision is wanted. */
  identity?: string;
  lun?: number;
}

/** A running rescue VM of another Windows version, with the disk attached at `LUN`. */
export async function attachToRescue(disk: GuestDisk, options: RescueOptions = {}): Promise<Rescue> {
  const { engine = 'model', release = SERVER_2025, lun = LUN } = options;
  const osDisk = healthyDisk({
    computerName: 'RESCUE',
    generation: 'V2',
    release,
    identity: options.identity ?? stableDiskIdentity('V2', 'rescue'),
    language: 'en-US',
  });
  const guest = createGuestFactory({ engine })({
    vmName: 'rescue',
    clock: still,
    address: '127.0.71.9',
    isReachable: () => true,
    probeSource: '198.51.100.7',
    attackers: [],
    peer: () => undefined,
    osDisk,
    dataDisks: new Map(),
  });
  await guest.powerOn({ settled: true });
  guest.attachDisk(lun, disk);
  const running = insideOf(guest).running();
  if (!running) throw new Error('the rescue VM does not run');

  const execute = (id: string, parameters: Record<string, string>) =>
    guest.runScript({ text: composeScript(id), parameters: { Lun: String(lun), ...parameters } });
  return {
    guest,
    running,
    async run(id, parameters = {}) {
      const { stdout, stderr } = await execute(id, parameters);
      const results = stdout.split(/\r?\n/).filter((line) => line.startsWith(RESULT_MARKER));
      const [line] = results;
      if (line === undefined || results.length > 1)
        throw new Error(`${id} printed ${String(results.length)} result lines\n${stdout}\n${stderr}`);
      return guestResultSchema.parse(JSON.parse(line.slice(RESULT_MARKER.length)));
    },
    async runUntilKilled(id, hook) {
      const release = insideOf(guest).onChange(hook);
      try {
        const { stdout } = await execute(id, {});
        return !stdout.includes(RESULT_MARKER);
      } finally {
        release();
      }
    },
    close: () => guest.powerOff(),
  };
}
