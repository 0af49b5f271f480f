import { gzipSync } from 'node:zlib';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { comparableDisk } from '../../../lab/windows/comparable.ts';
import type { GuestDisk, Hive } from '../../../lab/windows/disk.ts';
import type { Guest, ScriptEngine, ScriptOutcome } from '../../../lab/windows/guest.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import type { Machine } from '../../../lab/windows/machine.ts';
import { ScriptKilled } from '../../../lab/windows/machine/errors.ts';
import { composeScript } from '../../../shared/guest/compose.ts';
import type { Change, OutcomeOfChange } from '../../../shared/model/change.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import type { GuestAnswer } from '../../../shared/model/guest-answer.ts';
import { answerOf, hasAnswered } from '../support/answer.ts';
import { machineOf, NOW, rescueDisk, startGuest } from '../support/guest.ts';

export const LUN = 2;

/** A run's own number: the same for the same place in a test, so that two engines leave the same journals. */
export function nonceOf(nth: number): string {
  return nth.toString(16).padStart(32, '0');
}

/** A disk of the fleet, with more faults. */
export function diskOf(vm: string, ...faults: readonly ((disk: GuestDisk) => void)[]): GuestDisk {
  const { osDisk } = fleetVm(vm, { now: NOW }).spec;
  for (const fault of faults) fault(osDisk);
  return osDisk;
}

export interface Bench {
  /** The disk that is worked on. */
  disk: GuestDisk;
  guest: Guest;
  machine(): Machine;
  collect(): Promise<Facts>;
  apply(changes: readonly Change[], more?: Record<string, string>): Promise<GuestAnswer>;
  /** Everything a run of `apply` printed. */
  run(parameters: Record<string, string>): Promise<ScriptOutcome>;
  /** Cuts `apply` off before its nth change of the machine (from 1); false when it had fewer. */
  applyKilled(nth: number, changes: readonly Change[], more?: Record<string, string>): Promise<boolean>;
  close(): Promise<void>;
}

export interface BenchOptions {
  engine?: ScriptEngine;
  /** What else is so on the rescue VM, offline. */
  rescue?: (disk: GuestDisk) => void;
}

/** The Windows of the disk, running. */
export async function online(disk: GuestDisk, { engine = 'model' }: BenchOptions = {}): Promise<Bench> {
  return benchOf(disk, await startGuest(disk, engine), { Scope: 'online', Lun: '' });
}

/** The disk attached to a rescue VM. */
export async function offline(
  disk: GuestDisk,
  { engine = 'model', rescue }: BenchOptions = {},
): Promise<Bench> {
  const own = rescueDisk();
  rescue?.(own);
  const guest = await startGuest(own, engine);
  guest.attachDisk(LUN, disk);
  return benchOf(disk, guest, { Scope: 'offline', Lun: String(LUN) });
}

function benchOf(disk: GuestDisk, guest: Guest, where: Record<string, string>): Bench {
  let runs = 0;
  const execute = (id: 'collect' | 'apply', parameters: Record<string, string>): Promise<ScriptOutcome> => {
    runs++;
    return guest.runScript({
      text: composeScript(id),
      parameters: { Nonce: nonceOf(runs), Text: 'no', ...where, ...parameters },
    });
  };
  const run: Bench['run'] = (parameters) =>
    execute('apply', { Changes: '', Undo: '', Recipe: '', ...parameters });
  return {
    disk,
    guest,
    machine: () => machineOf(guest),
    run,
    collect: async () => factsOf(answerOf(await execute('collect', {}))),
    apply: async (changes, more = {}) => answerOf(await run({ Changes: packed(changes), ...more })),
    async applyKilled(nth, changes, more = {}) {
      let count = 0;
      const release = insideOf(guest).onChange(() => {
        count++;
        if (count >= nth) throw new ScriptKilled();
      });
      try {
        return !hasAnswered(await run({ Changes: packed(changes), ...more }));
      } finally {
        release();
      }
    },
    close: () => guest.powerOff(),
  };
}

/** Runs a test on a bench that is put away afterwards. */
export async function onBench<Result>(
  bench: Promise<Bench>,
  test: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const made = await bench;
  try {
    return await test(made);
  } finally {
    await made.close();
  }
}

export function packed(changes: readonly unknown[]): string {
  return gzipSync(JSON.stringify(changes)).toString('base64');
}

export function factsOf({ facts, error }: GuestAnswer): Facts {
  if (!facts) throw new Error(`no facts: ${JSON.stringify(error)}`);
  return facts;
}

export function wordsOf({ outcomes, error }: GuestAnswer): string[] {
  if (error) throw new Error(`${error.code}: ${error.message}`);
  return outcomes.map(({ word }) => word);
}

export function outcomeOf({ outcomes }: GuestAnswer, nth = 0): OutcomeOfChange {
  const outcome = outcomes[nth];
  if (!outcome) throw new Error(`there is no outcome ${String(nth)}`);
  return outcome;
}

/** A disk without journals, and without what differs from run to run: what a repair leaves. */
export function leftOn(disk: GuestDisk): unknown {
  const copy = comparableDisk(disk);
  for (const { files } of copy.partitions)
    for (const file of Object.values(files)) if (file.hive) dropJournals(file.hive);
  return copy;
}

function dropJournals(hive: Hive): void {
  for (const key of Object.keys(hive))
    if (/^RDP Medic\\Journal\\/i.test(key)) Reflect.deleteProperty(hive, key);
}
