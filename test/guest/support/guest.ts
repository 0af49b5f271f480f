import { healthyDisk } from '../../../lab/fleet/disk/healthy-disk.ts';
import { SERVER_2025 } from '../../../lab/fleet/disk/options.ts';
import { stableDiskIdentity } from '../../../lab/fleet/disk/stable-id.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import type { Guest, GuestSurroundings, ScriptEngine } from '../../../lab/windows/guest.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import type { Machine } from '../../../lab/windows/machine.ts';
import type { Clock } from '../../../shared/clock.ts';

/** The lab's noon; certificates of the fleet are dated by it. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');

const still: Clock = {
  now: () => NOW,
  setTimer: () => ({ cancel: () => undefined }),
  hold: () => () => undefined,
};

let lastAddress = 0;

/** A Windows that has been running for long. */
export async function startGuest(
  osDisk: GuestDisk,
  engine: ScriptEngine,
  more: Partial<GuestSurroundings> = {},
): Promise<Guest> {
  lastAddress++;
  const guest = createGuestFactory({ engine })({
    vmName: 'guest',
    clock: still,
    // Every process has a network of its own.
    address: `127.${String(180 + (process.pid % 50))}.${String(lastAddress >> 8)}.${String(lastAddress & 255)}`,
    isReachable: () => true,
    probeSource: '198.51.100.7',
    attackers: [],
    peer: () => undefined,
    osDisk,
    dataDisks: new Map(),
    ...more,
  });
  await guest.powerOn({ settled: true });
  return guest;
}

/** Throws while Windows does not run. */
export function machineOf(guest: Guest): Machine {
  const machine = insideOf(guest).machine();
  if (!machine) throw new Error('Windows does not run');
  return machine;
}

/** The own disk of a rescue VM, of another version than the fleet's. */
export function rescueDisk(identity = stableDiskIdentity('V2', 'rescue')): GuestDisk {
  return healthyDisk({
    computerName: 'RESCUE',
    generation: 'V2',
    release: SERVER_2025,
    identity,
    language: 'en-US',
  });
}
