import { gunzipSync, gzipSync } from 'node:zlib';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { healthyDisk } from '../../../lab/fleet/disk/healthy-disk.ts';
import { SERVER_2025 } from '../../../lab/fleet/disk/options.ts';
import { stableDiskIdentity } from '../../../lab/fleet/disk/stable-id.ts';
import { comparableDisk } from '../../../lab/windows/comparable.ts';
import type { GuestDisk, Hive } from '../../../lab/windows/disk.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import type { Guest, ScriptEngine, ScriptOutcome } from '../../../lab/windows/guest.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import type { Machine } from '../../../lab/windows/machine.ts';
import { ScriptKilled } from '../../../lab/windows/machine/errors.ts';
import type { Clock } from '../../../shared/clock.ts';
import { composeScript } from '../../../shared/guest/compose.ts';
import type { Change, OutcomeOfChange } from '../../../shared/model/change.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { guestAnswerSchema, type GuestAnswer } from '../../../shared/model/guest-answer.ts';

/** The lab's noon; certificates of the fleet are dated by it. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');
export const LUN = 2;
const RESULT = /^RDP-MEDIC-RESULT ([0-9a-f]{32}) (\d+) ([A-Za-z0-9+/=]+)$/m;

const still: Clock = {
  now: () => NOW,
  setTimer: () => ({ cancel: () => undefined }),
  hold: () => () => undefined,
};

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
  return benchOf(disk, await start(disk, engine), { Scope: 'online', Lun: '' });
}

/** The disk attached to a rescue VM. */
export async function offline(
  disk: GuestDisk,
  { engine = 'model', rescue }: BenchOptions = {},
): Promise<Bench> {
  const own = healthyDisk({
    computerName: 'RESCUE',
    generation: 'V2',
    release: SERVER_2025,
    identity: stableDiskIdentity('V2', 'rescue'),
    language: 'en-US',
  });
  rescue?.(own);
  const guest = await start(own, engine);
  guest.attachDisk(LUN, disk);
  return benchOf(disk, guest, { Scope: 'offline', Lun: String(LUN) });
}

function benchOf(disk: GuestDisk, guest: Guest, where: Record<string, string>): Bench {
  let runs = 0;
  const machine = (): Machine => {
    const found = insideOf(guest).machine();
    if (!found) throw new Error('Windows does not run');
    return found;
  };
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
    machine,
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
        return !RESULT.test((await run({ Changes: packed(changes), ...more })).stdout);
      } finally {
        release();
      }
    },
    close: () => guest.powerOff(),
  };
}

let lastAddress = 0;

async function start(osDisk: GuestDisk, engine: ScriptEngine): Promise<Guest> {
  lastAddress++;
  const guest = createGuestFactory({ engine })({
    vmName: 'guest',
    clock: still,
    // Every process has a network of its own.
    address: `127.${String(200 + (process.pid % 50))}.${String(lastAddress >> 8)}.${String(lastAddress & 255)}`,
    isReachable: () => true,
    probeSource: '198.51.100.7',
    attackers: [],
    peer: () => undefined,
    osDisk,
    dataDisks: new Map(),
  });
  await guest.powerOn({ settled: true });
  return guest;
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

/** What a run answered, read by other means than the product's. Throws unless it printed one result line. */
export function answerOf({ stdout, stderr }: ScriptOutcome): GuestAnswer {
  const payload = RESULT.exec(stdout)?.[3];
  if (payload === undefined) throw new Error(`no result line\n${stdout}\n${stderr}`);
  return guestAnswerSchema.parse(JSON.parse(gunzipSync(Buffer.from(payload, 'base64')).toString('utf8')));
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
