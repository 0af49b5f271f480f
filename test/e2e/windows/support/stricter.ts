import type { Fault } from '../../../../lab/fleet/faults/fault.ts';
import { fleetVm, type FleetVm } from '../../../../lab/fleet/index.ts';
import { windowsVm, type WindowsVmOptions } from '../../../../lab/fleet/windows-vm.ts';
import type { GuestDisk } from '../../../../lab/windows/disk.ts';
import { createGuestFactory } from '../../../../lab/windows/factory.ts';
import type { ScriptEngine } from '../../../../lab/windows/guest.ts';
import { insideOf } from '../../../../lab/windows/inside.ts';
import type { Machine } from '../../../../lab/windows/machine.ts';
import { findPwsh } from '../../../../lab/windows/pwsh/runner.ts';
import type { OutcomeKind, RemediationRecord } from '../../../../shared/model/record.ts';
import { openTheatre, type Theatre } from '../../support/theatre.ts';

/**
 * What runs the guest scripts in these tests: their twins, which other tests hold to the same answers and disks as PowerShell; both
 * where `RDP_MEDIC_ENGINES` is `all`, for minutes more.
 */
const ENGINES: readonly ScriptEngine[] =
  process.env['RDP_MEDIC_ENGINES'] === 'all' ? ['model', 'pwsh'] : ['model'];

/** Each theatre has a storage account of its own. */
const PWSH_ACCOUNTS = 10;
const LONGEST_MS = 120_000;
export const NOW = Date.now();

/** What is to be seen of a VM after the whole service had it. */
export interface Seen {
  record: RemediationRecord;
  kind: OutcomeKind | undefined;
  /** RDP answers: from outside on the port that the record names; inside for a VM without a public address. */
  answers: boolean;
  /** The disk that stands under the VM now. */
  disk: GuestDisk;
  /** The Windows that runs now. */
  machine: Machine;
  /** The whole record as text. */
  text: string;
  theatre: Theatre;
}

export interface Case {
  /** The sentence that holds in the end. */
  what: string;
  faults: readonly Fault[];
  as?: Partial<WindowsVmOptions>;
  /** What is wrong with the rescue VM. */
  rescue?: readonly Fault[];
  request?: (theatre: Theatre) => object;
  /** Not yet so (docs/decisions/0007). */
  red?: boolean;
  expect: (seen: Seen) => void | Promise<void>;
}

/** One theatre, a VM for each case, all brought before the service one after the other. */
export function describeStricter(title: string, account: number, cases: readonly Case[]): void {
  for (const engine of ENGINES) {
    if (engine === 'pwsh' && findPwsh() === undefined) describeSkipped(title, cases);
    else describeOn(engine, title, engine === 'pwsh' ? account + PWSH_ACCOUNTS : account, cases);
  }
}

function describeSkipped(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    it.skip.each([...cases])('$what (skipped: no pwsh)', () => undefined);
  });
}

function describeOn(engine: ScriptEngine, title: string, account: number, cases: readonly Case[]): void {
  const names = cases.map((_, nth) => `vm-${String(account)}-${String(nth)}`);
  const make = createGuestFactory({ engine });
  let rescueFaults: readonly Fault[] = [];
  let theatre: Theatre;

  describe(`${title} (${engine})`, () => {
    beforeAll(async () => {
      const fleet = cases.map(({ faults, as }, nth) => vmOf(names[nth] ?? '', faults, as));
      theatre = await openTheatre(account, {
        fleet: [...fleet, fleetVm('peer', { now: NOW })],
        lab: {
          guests: (surroundings) => {
            const isRescue = ![...names, 'peer'].includes(surroundings.vmName);
            if (isRescue) for (const fault of rescueFaults) fault(surroundings.osDisk);
            return make(surroundings);
          },
        },
      });
    }, 60_000);
    afterAll(() => theatre.close());

    for (const [nth, given] of cases.entries()) {
      const test = given.red === true ? it.failing : it;
      test(
        given.what,
        async () => {
          rescueFaults = given.rescue ?? [];
          await given.expect(await remediate(theatre, names[nth] ?? '', given));
        },
        LONGEST_MS,
      );
    }
  });
}

function vmOf(name: string, faults: readonly Fault[], as: Case['as']): FleetVm {
  const spec = windowsVm({ name, generation: 'V2', now: NOW, ...as, faults });
  return { spec, brokenBy: 'what the test says', expected: { kind: 'repaired-online' } };
}

async function remediate(theatre: Theatre, name: string, { request, as }: Case): Promise<Seen> {
  const record = await theatre.remediate(name, request?.(theatre));
  const guest = theatre.stage.lab.guest(name);
  const machine = guest && insideOf(guest).machine();
  if (!machine) throw new Error(`${name} does not run in the end`);
  const port = record.outcome?.rdpPort ?? 3389;
  const answers =
    as?.azure?.publicIp === false
      ? (await machine.network.handshake(port)).ok
      : (await theatre.rdpOf(name, port)).state === 'healthy';
  return {
    record,
    kind: record.outcome?.kind,
    answers,
    disk: theatre.osDiskOf(name).content,
    machine,
    text: JSON.stringify(record),
    theatre,
  };
}

/** Remote Desktop works again, and the VM was never taken offline for it. */
export function expectRepairedOnline({ kind, answers }: Seen): void {
  expect({ kind, answers }).toEqual({ kind: 'repaired-online', answers: true });
}

/** Remote Desktop works again, by whatever way. */
export function expectRepaired({ kind, answers }: Seen): void {
  expect({ kind, answers }).toEqual({
    kind: expect.stringMatching(/^repaired-(on|off)line$/),
    answers: true,
  });
}

export function expectRepairedOffline({ kind, answers }: Seen): void {
  expect({ kind, answers }).toEqual({ kind: 'repaired-offline', answers: true });
}

/** Faults that the record tells, of any step. */
export function faultsTold({ record }: Seen): string[] {
  return record.steps.flatMap(({ findings, remaining }) =>
    [...findings, ...remaining].filter(({ severity }) => severity === 'fault').map(({ code }) => code),
  );
}
