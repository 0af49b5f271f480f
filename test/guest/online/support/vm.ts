import { fleetVm } from '../../../../lab/fleet/index.ts';
import type { GuestDisk } from '../../../../lab/windows/disk.ts';
import { createGuestFactory } from '../../../../lab/windows/factory.ts';
import type { Guest, ScriptEngine, ScriptOutcome, ScriptRun } from '../../../../lab/windows/guest.ts';
import { insideOf } from '../../../../lab/windows/inside.ts';
import type { ChangeHook, Machine } from '../../../../lab/windows/machine.ts';
import { ScriptKilled } from '../../../../lab/windows/machine/errors.ts';
import { composeScript, guestScript } from '../../../../shared/catalog/guest-scripts.ts';
import type { Clock } from '../../../../shared/clock.ts';
import { guestResultSchema, RESULT_MARKER, type GuestResult } from '../../../../shared/model/guest-result.ts';

/** The lab's noon; certificates of the fleet are dated by it. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');

const still: Clock = {
  now: () => NOW,
  setTimer: () => ({ cancel: () => undefined }),
  hold: () => () => undefined,
};

export interface Vm {
  guest: Guest;
  disk: GuestDisk;
  /** Where its ports are, for a client outside. */
  address: string;
  machine(): Machine;
  /** Everything a run printed, whether or not there is a result line in it. */
  execute(
    id: string,
    parameters?: Record<string, string>,
    runAs?: ScriptRun['runAs'],
  ): Promise<ScriptOutcome>;
  /** The result of a run. Throws unless it printed exactly one result line. */
  run(id: string, parameters?: Record<string, string>, runAs?: ScriptRun['runAs']): Promise<GuestResult>;
  /** Cuts a run off before its nth change (from 1); false when it had fewer. */
  killBeforeChange(nth: number, id: string): Promise<boolean>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface VmOptions {
  engine?: ScriptEngine;
  /** Another disk than the one the fleet gives it. */
  disk?: GuestDisk;
  /** What else is broken on the disk before Windows starts. */
  faults?: readonly ((disk: GuestDisk) => void)[];
  attackers?: readonly string[];
  peers?: Readonly<Record<string, () => Guest>>;
}

let lastAddress = 0;

/** A VM of the fleet that has been running for long. */
export async function startVm(name: string, options: VmOptions = {}): Promise<Vm> {
  const { engine = 'model', faults = [], attackers = [], peers = {} } = options;
  const osDisk = options.disk ?? brokenDisk(name, faults);
  lastAddress++;
  // Every Jest worker has a network of its own.
  const address = `127.${String(100 + Number(process.env['JEST_WORKER_ID'] ?? 0))}.${String(lastAddress >> 8)}.${String(lastAddress & 255)}`;
  const guest = createGuestFactory({ engine })({
    vmName: name,
    clock: still,
    address,
    isReachable: () => true,
    probeSource: '198.51.100.7',
    attackers,
    peer: (address) => peers[address]?.(),
    osDisk,
    dataDisks: new Map(),
  });
  await guest.powerOn({ settled: true });

  const execute: Vm['execute'] = (id, parameters = {}, runAs) =>
    guest.runScript({
      text: composeScript(id),
      parameters: { ...defaultsOf(id), ...parameters },
      ...(runAs === undefined ? {} : { runAs }),
    });
  return {
    guest,
    disk: osDisk,
    address,
    machine() {
      const machine = insideOf(guest).machine();
      if (!machine) throw new Error(`${name} does not run`);
      return machine;
    },
    execute,
    async run(id, parameters, runAs) {
      return resultOf(await execute(id, parameters, runAs));
    },
    async killBeforeChange(nth, id) {
      const release = insideOf(guest).onChange(killAt(nth));
      try {
        return !(await execute(id)).stdout.includes(RESULT_MARKER);
      } finally {
        release();
      }
    },
    async restart() {
      await guest.powerOff();
      await guest.powerOn({ settled: true });
    },
    close: () => guest.powerOff(),
  };
}

/** The disk of a VM of the fleet, with more faults. */
export function brokenDisk(name: string, faults: VmOptions['faults'] = []): GuestDisk {
  const { osDisk } = fleetVm(name, { now: NOW }).spec;
  for (const fault of faults) fault(osDisk);
  return osDisk;
}

/** Reads the one result line of a run. */
export function resultOf({ stdout, stderr }: ScriptOutcome): GuestResult {
  const lines = stdout.split(/\r?\n/).filter((line) => line.startsWith(RESULT_MARKER));
  const [line] = lines;
  if (line === undefined || lines.length > 1)
    throw new Error(`${String(lines.length)} result lines\n${stdout}\n${stderr}`);
  return guestResultSchema.parse(JSON.parse(line.slice(RESULT_MARKER.length)));
}

function killAt(nth: number): ChangeHook {
  let count = 0;
  return () => {
    count++;
    if (count >= nth) throw new ScriptKilled();
  };
}

function defaultsOf(id: string): Record<string, string> {
  const { parameters } = guestScript(id);
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

/** Codes of the faults a result speaks of. */
export function faultsOf(findings: GuestResult['findings']): string[] {
  return findings.filter(({ severity }) => severity === 'fault').map(({ code }) => code);
}

/** Runs a test on a VM that is switched off afterwards, whatever happens. */
export async function onVm(name: string, options: VmOptions, test: (vm: Vm) => Promise<void>): Promise<void> {
  const vm = await startVm(name, options);
  try {
    await test(vm);
  } finally {
    await vm.close();
  }
}
