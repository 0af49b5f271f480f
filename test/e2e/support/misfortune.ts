import { parseFaults } from '../../../lab/faults/parse.ts';
import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { disableAgent } from '../../../lab/fleet/faults/settings.ts';
import { fleetVm, type FleetVm } from '../../../lab/fleet/index.ts';
import type { OutcomeKind, RemediationRecord } from '../../../shared/model/record.ts';
import { stateUnder } from './end-states.ts';
import { openTheatre, type Theatre } from './theatre.ts';

const now = Date.now();

/** One misfortune, as a row of a table: faults in their compact form, `$vm` standing for the VM's name. */
export interface Misfortune {
  what: string;
  faults: string;
  /** Faults that begin when all the first ones have struck. */
  then?: string;
  /** The VM of the fleet that meets it. */
  vm: string;
  request?: object;
  /** Its agent does not answer from the start: nothing can be repaired online. */
  silent?: boolean;
  /** Disks and network card are set to be deleted with it. */
  takesAlong?: boolean;
}

/** Gives each row a VM of its own, so that rows know nothing of each other. */
export function withNames<Row extends Misfortune>(rows: readonly Row[]): (Row & { name: string })[] {
  return rows.map((row, index) => ({ ...row, name: `${row.vm}-${String(index)}` }));
}

export function openTheatreFor(
  account: number,
  rows: readonly (Misfortune & { name: string })[],
): Promise<Theatre> {
  const fleet = rows.map(({ vm, name, silent, takesAlong }): FleetVm => {
    const one = fleetVm(vm, { now });
    if (silent && one.spec.osType !== 'Linux') disableAgent(one.spec.osDisk);
    const deleteOptions = { osDisk: 'Delete', nic: 'Delete' } as const;
    return { ...one, spec: { ...one.spec, name, ...(takesAlong && { deleteOptions }) } };
  });
  return openTheatre(account, { fleet: [...fleet, fleetVm('peer', { now })] });
}

/** What a remediation left, told in end states alone. */
export interface Aftermath {
  record: RemediationRecord;
  originalDiskId: string;
  /** The OS disk under the VM; undefined where the VM is gone. */
  diskId: string | undefined;
  /** Security rules that were added or are gone. */
  rules: string[];
  /** Faults that never struck: a row with some has proved nothing. */
  notStruck: string[];
}

/** Lets the misfortune happen during a remediation. */
export async function suffer(theatre: Theatre, row: Misfortune & { name: string }): Promise<Aftermath> {
  const { lab } = theatre.stage;
  const originalDiskId = theatre.osDiskOf(row.name).id;
  const faults = (text: string) => parseFaults(text.replaceAll('$vm', row.name));
  const next = lab.faults.next.bind(lab.faults);
  const rulesBefore = securityRules(theatre);
  let later = faults(row.then ?? '');
  lab.faults.add(...faults(row.faults));
  lab.faults.next = (request) => {
    const effect = next(request);
    if (lab.faults.pending().length === 0) {
      lab.faults.add(...later);
      later = [];
    }
    return effect;
  };
  const { record, notStruck } = await theatre
    .remediate(row.name, row.request)
    .then((record) => ({
      record,
      notStruck: [...lab.faults.pending(), ...later].map((fault) => JSON.stringify(fault)),
    }))
    .finally(() => {
      lab.faults.next = next;
      lab.faults.clear();
    });
  const rulesAfter = securityRules(theatre);
  const rules = [
    ...rulesAfter.filter((rule) => !rulesBefore.includes(rule)),
    ...rulesBefore.filter((rule) => !rulesAfter.includes(rule)),
  ];
  const there = lab.store.virtualMachines.find(record.vm.id);
  return { record, originalDiskId, diskId: there && theatre.osDiskOf(row.name).id, notStruck, rules };
}

function securityRules({ stage }: Theatre): string[] {
  const groups = stage.lab.store.networkSecurityGroups.within(LAB_GROUP_ID);
  return groups.flatMap(({ id, rules }) => rules.map(({ name }) => `${id}/${name}`));
}

/** RDP answers; nothing is left behind, nothing was made twice, and the record has no wrong word on it. */
export function expectRepaired(theatre: Theatre, name: string, aftermath: Aftermath): void {
  const { record, originalDiskId, diskId, notStruck } = aftermath;
  const offline = record.outcome?.kind === 'repaired-offline';
  expect(notStruck).toEqual([]);
  expect(theatre.stage.lab.vm(name).power).toBe('running');
  expect(stateUnder(theatre, name)).toMatchObject({ tls12: true, groupPolicy: 2, certificateInTime: true });
  expect(diskId !== originalDiskId).toBe(offline);
  if (offline) {
    expect(theatre.stage.lab.disk(originalDiskId).tags).toMatchObject({ 'rdp-medic-role': 'original-disk' });
    expect(theatre.stage.lab.disk(diskId ?? '').tags ?? {}).not.toHaveProperty('rdp-medic-role');
  }
  expect(record.undo).toEqual([]);
  expectTidy(theatre, name, record);
}

/** The VM runs on its own disk, as it was found, and the record says that it broke off. */
export function expectAsFound(
  theatre: Theatre,
  name: string,
  aftermath: Aftermath,
  kind: OutcomeKind = 'failed',
): void {
  const { record, originalDiskId, diskId, notStruck } = aftermath;
  expect(notStruck).toEqual([]);
  expect(record.outcome).toMatchObject({ kind });
  expect(diskId).toBe(originalDiskId);
  expect(theatre.stage.lab.vm(name).power).toBe('running');
  expect(theatre.stage.lab.disk(originalDiskId).tags ?? {}).not.toHaveProperty('rdp-medic-role');
  expect(record.undo.filter(({ done }) => !done)).toEqual([]);
  expect(aftermath.rules).toEqual([]);
  expect(record.warnings.join()).not.toMatch(/now listens|gpsvc/);
  expect(record.errors.map(({ code }) => code)).not.toContain('Internal');
  expectTidy(theatre, name, record);
}

/** Azure was never asked to take the VM down. */
export function expectNeverDown({ stage }: Theatre, name: string): void {
  const down = stage.lab
    .requests()
    .filter(({ path }) => path.startsWith(`${stage.lab.vm(name).id}/deallocate`));
  expect(down).toEqual([]);
}

function expectTidy(theatre: Theatre, name: string, record: RemediationRecord): void {
  const { lab } = theatre.stage;
  expect(record.cleanup.leftovers).toEqual([]);
  expect(theatre.leftovers()).toEqual([]);
  expect(lab.store.runCommands.within(lab.vm(name).id)).toEqual([]);
  expectNothingTwice(theatre, record);
}

/** Azure never took on the making of what it had taken on already in this remediation, unless that was deleted meanwhile. */
export function expectNothingTwice(theatre: Theatre, { startedAt }: RemediationRecord): void {
  const made = new Set<string>();
  const twice: string[] = [];
  for (const { at, method, path, status } of theatre.stage.lab.requests()) {
    const isMade = /rdp-medic-[0-9a-f]{12}-[a-z-]+$|runCommands\/[^/]+$/i.test(path);
    if (!isMade || at < Date.parse(startedAt) || status <= 0 || status >= 400) continue;
    const what = path.toLowerCase();
    if (method === 'PUT' && made.has(what)) twice.push(what);
    if (method === 'PUT') made.add(what);
    // The network card of the rescue VM goes with it (its `deleteOption`).
    const nic = what.replace('microsoft.compute/virtualmachines', 'microsoft.network/networkinterfaces');
    if (method === 'DELETE') for (const gone of [what, nic.replace(/-vm$/, '-nic')]) made.delete(gone);
  }
  expect(twice).toEqual([]);
}
