import { gunzipSync } from 'node:zlib';
import { healthyDisk } from '../../../lab/fleet/disk/healthy-disk.ts';
import { SERVER_2025 } from '../../../lab/fleet/disk/options.ts';
import { stableDiskIdentity } from '../../../lab/fleet/disk/stable-id.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import type { Guest, GuestSurroundings, ScriptEngine, ScriptOutcome } from '../../../lab/windows/guest.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import type { Machine } from '../../../lab/windows/machine.ts';
import type { Clock } from '../../../shared/clock.ts';
import { composeScript } from '../../../shared/guest/compose.ts';
import { guestAnswerSchema, type GuestAnswer } from '../../../shared/model/guest-answer.ts';
import type { Facts } from '../../../shared/model/facts.ts';

/** The lab's noon; certificates of the fleet are dated by it. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');
export const NONCE = '0123456789abcdef0123456789abcdef';
export const LUN = 3;

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
    // Every Jest worker has a network of its own.
    address: `127.${String(180 + Number(process.env['JEST_WORKER_ID'] ?? 0))}.${String(lastAddress >> 8)}.${String(lastAddress & 255)}`,
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

/** Runs `collect` and gives back what it printed. */
export function collect(guest: Guest, parameters: Record<string, string>): Promise<ScriptOutcome> {
  return guest.runScript({
    text: composeScript('collect'),
    parameters: { Nonce: NONCE, Lun: '', Text: 'no', ...parameters },
  });
}

/** `collect` on the Windows of a disk, started in the lab. */
export async function collectOnline(
  disk: GuestDisk,
  engine: ScriptEngine,
  more: Partial<GuestSurroundings> = {},
): Promise<ScriptOutcome> {
  const guest = await startGuest(disk, engine, more);
  try {
    return await collect(guest, { Scope: 'online' });
  } finally {
    await guest.powerOff();
  }
}

export interface OfflineRun {
  outcome: ScriptOutcome;
  /** How the rescue VM saw the disk when the script had ended. */
  isOffline: boolean;
  letters: string[];
  loadedHives: number;
}

export interface RescueOptions {
  identity?: string;
  /** What is done to the rescue VM's own disk before it starts. */
  change?: (disk: GuestDisk) => void;
}

/** `collect` on a disk that is attached to a rescue VM of another version. */
export async function collectOffline(
  disk: GuestDisk,
  engine: ScriptEngine,
  { identity = stableDiskIdentity('V2', 'rescue'), change }: RescueOptions = {},
): Promise<OfflineRun> {
  const rescue = healthyDisk({
    computerName: 'RESCUE',
    generation: 'V2',
    release: SERVER_2025,
    identity,
    language: 'en-US',
  });
  change?.(rescue);
  const guest = await startGuest(rescue, engine);
  try {
    guest.attachDisk(LUN, disk);
    const outcome = await collect(guest, { Scope: 'offline', Lun: String(LUN) });
    const { storage, hives } = machineOf(guest);
    const attached = storage.disks().find(({ lun }) => lun === LUN);
    return {
      outcome,
      isOffline: attached?.isOffline === true,
      letters: storage.partitions(attached?.number ?? -1).flatMap(({ letter }) => letter ?? []),
      loadedHives: hives.loaded().length,
    };
  } finally {
    await guest.powerOff();
  }
}

export function machineOf(guest: Guest): Machine {
  const machine = insideOf(guest).machine();
  if (!machine) throw new Error('Windows does not run');
  return machine;
}

const RESULT = /^RDP-MEDIC-RESULT ([0-9a-f]{32}) (\d+) ([A-Za-z0-9+/=]+)$/m;

/** Length of the payload, in characters. */
export function payloadOf(outcome: ScriptOutcome): string {
  const payload = RESULT.exec(outcome.stdout)?.[3];
  if (payload === undefined) throw new Error(`no result line\n${outcome.stdout}\n${outcome.stderr}`);
  return payload;
}

/** What a run answered, read by other means than the product's. */
export function answerOf(outcome: ScriptOutcome): GuestAnswer {
  return guestAnswerSchema.parse(
    JSON.parse(gunzipSync(Buffer.from(payloadOf(outcome), 'base64')).toString('utf8')),
  );
}

export function factsOf(outcome: ScriptOutcome): Facts {
  const { facts, error } = answerOf(outcome);
  if (!facts) throw new Error(`no facts: ${JSON.stringify(error)}`);
  return facts;
}

/** Facts without what chance decides: Windows makes a certificate of its own when it starts, another one each time. */
export function comparable(facts: Facts): unknown {
  return JSON.parse(JSON.stringify(facts).replace(/"[0-9A-F]{40}"/g, '"a thumbprint"'));
}
