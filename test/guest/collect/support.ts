import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { Guest, GuestSurroundings, ScriptEngine, ScriptOutcome } from '../../../lab/windows/guest.ts';
import { composeScript } from '../../../shared/guest/compose.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { answerOf } from '../support/answer.ts';
import { machineOf, rescueDisk, startGuest } from '../support/guest.ts';

export const NONCE = '0123456789abcdef0123456789abcdef';
export const LUN = 3;

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
  /** Whether the disk is looked at as the copy that is rehearsed on, before or instead. */
  rehearsed?: 'before' | 'now';
}

/** `collect` on a disk that is attached to a rescue VM of another version. */
export async function collectOffline(
  disk: GuestDisk,
  engine: ScriptEngine,
  { identity, change, rehearsed }: RescueOptions = {},
): Promise<OfflineRun> {
  const rescue = rescueDisk(identity);
  change?.(rescue);
  const guest = await startGuest(rescue, engine);
  try {
    guest.attachDisk(LUN, disk);
    const at = { Scope: 'offline', Lun: String(LUN) };
    if (rehearsed === 'before') await collect(guest, { ...at, Copy: 'rehearsal' });
    const outcome = await collect(guest, rehearsed === 'now' ? { ...at, Copy: 'rehearsal' } : at);
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

export function factsOf(outcome: ScriptOutcome): Facts {
  const { facts, error } = answerOf(outcome);
  if (!facts) throw new Error(`no facts: ${JSON.stringify(error)}`);
  return facts;
}

/** Facts without what chance decides: Windows makes a certificate of its own when it starts, another one each time. */
export function comparable(facts: Facts): unknown {
  return JSON.parse(JSON.stringify(facts).replace(/"[0-9A-F]{40}"/g, '"a thumbprint"'));
}
