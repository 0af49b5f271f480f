import { createVirtualClock, type VirtualClock } from '../../../lab/clock/virtual.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import type { Fault } from '../../../lab/fleet/faults/fault.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import type { Guest, GuestSurroundings } from '../../../lab/windows/guest.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import type { Machine } from '../../../lab/windows/machine.ts';
import { WindowsError } from '../../../lab/windows/machine/errors.ts';

export const NOW = Date.parse('2026-03-02T08:00:00Z');
const SERVICE_ADDRESS = '198.51.100.7';

export interface BenchVm {
  guest: Guest;
  address: string;
  disk: GuestDisk;
  /** Throws while Windows does not run. */
  machine(): Machine;
  /** Power off and on again, with whatever OS disk it is given. */
  restart(disk?: GuestDisk): Promise<void>;
}

interface BootOptions {
  disk?: GuestDisk;
  dataDisks?: ReadonlyMap<number, GuestDisk>;
  attackers?: readonly string[];
  /** Whether a source reaches the VM through Azure's network; by default administrators do. */
  lets?: (source: string) => boolean;
  /** Disks hang on an NVMe controller. */
  nvme?: boolean;
  /** Leaves it off. */
  off?: boolean;
}

/** Guests without an Azure around them. */
export interface Bench {
  clock: VirtualClock;
  /** A guest with the disk of a fleet VM, or with the one given; up and settled unless it is to stay off. */
  boot(name: string, options?: BootOptions): Promise<BenchVm>;
  /** The healthy VM of the fleet, with faults. */
  bootFaulty(...faults: readonly Fault[]): Promise<BenchVm>;
  close(): Promise<void>;
}

const adminsOnly = (source: string): boolean => source.startsWith('198.51.100.');

/** A fresh disk of a fleet VM, with more faults. */
export function diskOf(name: string, ...faults: readonly Fault[]): GuestDisk {
  const { osDisk } = fleetVm(name, { now: NOW }).spec;
  for (const fault of faults) fault(osDisk);
  return osDisk;
}

export function createBench(): Bench {
  const clock = createVirtualClock(NOW);
  const makeGuest = createGuestFactory({ engine: 'model' });
  const vms = new Map<string, Guest>();

  const bench: Bench = {
    clock,
    bootFaulty: (...faults) => bench.boot('healthy', { disk: diskOf('healthy', ...faults) }),
    async boot(
      name,
      { disk = diskOf(name), dataDisks = new Map(), attackers = [], lets = adminsOnly, nvme, off } = {},
    ) {
      // A block of loopback of this process: others run their tests at the same time.
      const address = `127.${String(160 + ((process.pid >> 8) % 64))}.${String(process.pid % 256)}.${String(vms.size + 1)}`;
      const surroundings: GuestSurroundings = {
        vmName: name,
        clock,
        address,
        isReachable: (source) => lets(source),
        probeSource: SERVICE_ADDRESS,
        attackers,
        peer: (wanted) => vms.get(wanted),
        osDisk: disk,
        dataDisks,
        ...(nvme === true ? { diskController: 'NVMe' as const } : {}),
      };
      const guest = makeGuest(surroundings);
      vms.set(address, guest);
      if (off !== true) await guest.powerOn({ settled: true });
      return {
        guest,
        address,
        disk,
        machine() {
          const machine = insideOf(guest).machine();
          if (!machine) throw new TypeError(`${name} does not run`);
          return machine;
        },
        async restart(other) {
          await guest.powerOff();
          if (other) surroundings.osDisk = other;
          await guest.powerOn({ settled: true });
        },
      };
    },
    async close() {
      await Promise.all([...vms.values()].map((guest) => guest.powerOff()));
    },
  };
  return bench;
}

/** The Win32 code an operation is refused with; `undefined` when it goes through. */
export function refusal(action: () => unknown): number | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof WindowsError) return error.code;
    throw error;
  }
}
