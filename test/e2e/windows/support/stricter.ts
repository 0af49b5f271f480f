import type { Fault } from '../../../../lab/fleet/faults/fault.ts';
import { fleetVm, type FleetVm } from '../../../../lab/fleet/index.ts';
import { windowsVm, type WindowsVmOptions } from '../../../../lab/fleet/windows-vm.ts';
import type { GuestDisk } from '../../../../lab/windows/disk.ts';
import { createGuestFactory } from '../../../../lab/windows/factory.ts';
import type { ScriptEngine } from '../../../../lab/windows/guest.ts';
import { insideOf } from '../../../../lab/windows/inside.ts';
import type { Machine } from '../../../../lab/windows/machine.ts';
import type { OutcomeKind, RemediationRecord } from '../../../../shared/model/record.ts';
import { whyNotAllRun } from '../../../support/pwsh.ts';
import { isRun, whyNotAllRows } from '../../../support/rows.ts';
import { openTheatre, type Theatre } from '../../support/theatre.ts';

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

export interface Group {
  title: string;
  cases: readonly Case[];
}

/**
 * One theatre, a VM for each case, all brought before the service one after the other. A file has one engine: the
 * app keeps where its Azure is.
 */
export function describeStricter(engine: ScriptEngine, account: number, groups: readonly Group[]): void {
  const missing = whyNotRun(engine);
  const all = groups.flatMap(({ cases }) => cases);
  const nameOf = (given: Case): string => `vm-${String(all.indexOf(given))}`;
  const names = all.map(nameOf);
  const make = createGuestFactory({ engine });
  let rescueFaults: readonly Fault[] = [];
  let theatre: Theatre | undefined;

  beforeAll(async () => {
    if (missing !== undefined) return;
    const fleet = all.map((given) => vmOf(nameOf(given), given.faults, given.as));
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
    // More VMs than a subscription may have cores for, unless it asks.
    const { quota } = theatre.stage.lab.catalogue;
    for (const name of [...quota.keys()]) quota.set(name, 1_000);
  });
  afterAll(async () => {
    await theatre?.close();
  });

  for (const { title, cases } of groups) {
    describe(title, () => {
      for (const given of cases) {
        const act = async (): Promise<void> => {
          if (!theatre) throw new Error('there is no theatre');
          rescueFaults = given.rescue ?? [];
          await given.expect(await remediate(theatre, nameOf(given), given));
        };
        const why = missing ?? (isRun(all.indexOf(given), 16) ? undefined : whyNotAllRows);
        if (why !== undefined) it.skip(`${given.what} (skipped: ${why})`, act);
        else if (given.red === true) it.failing(given.what, act, LONGEST_MS);
        else it(given.what, act, LONGEST_MS);
      }
    });
  }
}

/**
 * In PowerShell all of it takes minutes more, and other tests hold each script and its twin to the same answers and disks: asked for by
 * `RDP_MEDIC_TESTS=all`.
 */
function whyNotRun(engine: ScriptEngine): string | undefined {
  return engine === 'pwsh' ? whyNotAllRun() : undefined;
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
