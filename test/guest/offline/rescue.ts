import { composeScript } from '../../../shared/catalog/guest-scripts.ts';
import type { Clock } from '../../../shared/clock.ts';
import { RESULT_MARKER, type GuestResult } from '../../../shared/model/guest-result.ts';
import { healthyDisk } from '../../../lab/fleet/disk/healthy-disk.ts';
import { SERVER_2025 } from '../../../lab/fleet/disk/options.ts';
import { stableDiskIdentity } from '../../../lab/fleet/disk/stable-id.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import type { Guest, GuestSurroundings, ScriptEngine } from '../../../lab/windows/guest.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import type { Machine } from '../../../lab/windows/machine.ts';
import { ScriptKilled } from '../../../lab/windows/machine/errors.ts';
import { NOW, resultOf } from '../online/support/vm.ts';

export const LUN = 3;

const still: Clock = {
  now: () => NOW,
  setTimer: () => ({ cancel: () => undefined }),
  hold: () => () => undefined,
};

export interface Rescue {
  machine: Machine;
  /** Runs a script on the rescue VM against the attached disk; throws unless it prints one result line. */
  run(id: string, parameters?: Record<string, string>): Promise<GuestResult>;
  /** Cuts a run off before its nth change (from 1); false when it had fewer. */
  killBeforeChange(nth: number, id: string, parameters?: Record<string, string>): Promise<boolean>;
  close(): Promise<void>;
}

export interface RescueOptions {
  engine?: ScriptEngine;
  /** That of the rescue VM's own disk; another than the fleet's, unless a collision is wanted. */
  identity?: string;
  diskController?: 'SCSI' | 'NVMe';
  /** The LUN the disk is attached at; the scripts are told `LUN` whatever it is. */
  lun?: number;
}

/** A running rescue VM of another Windows version, with the disk attached. */
export async function attachToRescue(disk: GuestDisk, options: RescueOptions = {}): Promise<Rescue> {
  const { engine = 'model', identity = stableDiskIdentity('V2', 'rescue'), lun = LUN } = options;
  const osDisk = healthyDisk({
    computerName: 'RESCUE',
    generation: 'V2',
    release: SERVER_2025,
    identity,
    language: 'en-US',
  });
  const guest = await startGuest(osDisk, engine, { diskController: options.diskController ?? 'SCSI' });
  guest.attachDisk(lun, disk);

  const execute = (id: string, parameters: Record<string, string> = {}) =>
    guest.runScript({ text: composeScript(id), parameters: { Lun: String(LUN), ...parameters } });
  return {
    machine: machineOf(guest),
    run: async (id, parameters) => resultOf(await execute(id, parameters)),
    async killBeforeChange(nth, id, parameters) {
      let count = 0;
      const release = insideOf(guest).onChange(() => {
        count++;
        if (count >= nth) throw new ScriptKilled();
      });
      try {
        return !(await execute(id, parameters)).stdout.includes(RESULT_MARKER);
      } finally {
        release();
      }
    },
    close: () => guest.powerOff(),
  };
}

/** Boots a VM from the disk and says whether RDP answers inside it, and on which port. */
export async function bootAndConnect(disk: GuestDisk): Promise<{ answers: boolean; port: number }> {
  const guest = await startGuest(disk, 'model');
  try {
    const machine = machineOf(guest);
    const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp';
    const port = machine.registry.number(key, 'PortNumber') ?? 3389;
    const { ok } = await machine.network.handshake(port);
    return { answers: ok && machine.firewall.lets('tcp', port), port };
  } finally {
    await guest.powerOff();
  }
}

let lastAddress = 0;

async function startGuest(
  osDisk: GuestDisk,
  engine: ScriptEngine,
  more: Partial<GuestSurroundings> = {},
): Promise<Guest> {
  lastAddress++;
  const guest = createGuestFactory({ engine })({
    vmName: 'guest',
    clock: still,
    // Every Jest worker has a network of its own.
    address: `127.${String(150 + Number(process.env['JEST_WORKER_ID'] ?? 0))}.${String(lastAddress >> 8)}.${String(lastAddress & 255)}`,
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

function machineOf(guest: Guest): Machine {
  const machine = insideOf(guest).machine();
  if (!machine) throw new Error('Windows does not run');
  return machine;
}
