import { isDeepStrictEqual } from 'node:util';
import { toJson, type JsonObject, type JsonValue } from '../../../../lab/arm/store/json.ts';
import { parseFaults } from '../../../../lab/faults/parse.ts';
import {
  KIND_GROUPS,
  kindVm,
  subscriptionOf,
  type KindGroup,
  type VmKind,
} from '../../../../lab/fleet/kinds/index.ts';
import { LAB_SUBSCRIPTION } from '../../../../lab/arm/start-lab.ts';
import type { VmSpec } from '../../../../lab/arm/vm-spec.ts';
import type { RemediationRecord } from '../../../../shared/model/record.ts';
import type { RestoreWay } from '../../../../shared/model/request.ts';
import { requestFor } from '../../support/offline-repair.ts';
import { openTheatre, type Theatre } from '../../support/theatre.ts';
import { idOf, rdpOf } from './cells.ts';
import { coveringRows, randomOf } from './covering.ts';
import { keptOf } from './kept.ts';

/** One VM of many kinds, a way back, and something that goes wrong in Azure. */
export interface Combination {
  name: string;
  kinds: readonly VmKind[];
  way: RestoreWay;
  fault: string;
}

/** Of kinds that are refused whatever else a VM is, their own cells show all there is to show. */
const REFUSED = ['refused', 'no-snapshot'];

function groupsOf(leftOut: (kind: VmKind) => boolean): KindGroup[] {
  return KIND_GROUPS.map((group) => ({ ...group, kinds: group.kinds.filter((kind) => !leftOut(kind)) }));
}

/** Three of four arrays are of VMs that can be repaired, the fourth of all that are not refused at once. */
const REPAIRABLE = groupsOf(({ swap }) => swap.ends !== 'repaired');
const ANY = groupsOf(({ swap }) => REFUSED.includes(swap.ends));

const ACTIONS = [
  'PUT:*snapshots/write',
  'PUT:*disks/write@rehearsal-disk',
  'PUT:*disks/write@repair-disk',
  'PUT:*virtualMachines/write@rescue-vm',
  'PUT:*networkInterfaces/write@rescue-nic',
  '*attachDetachDataDisks/action',
  '*deallocate/action',
  'PATCH:*virtualMachines/write',
  '*start/action',
  'PUT:*runCommands/write',
  '*disks/delete',
  '*virtualMachines/delete',
];
const EFFECTS = [
  '429/20',
  '503(ServiceUnavailable)',
  'reset',
  'lose-answer',
  'fail(InternalOperationError)',
  'fail(AllocationFailed)',
  '409(Conflict)',
  '403(RequestDisallowedByPolicy)',
  '400(BadRequest)',
  'hang(900)',
];

/** As many combinations as asked for: rows of covering arrays, one array after the other, each with a fault by chance. */
export function combinationsOf(count: number, seed: number): Combination[] {
  const random = randomOf(seed);
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T | undefined =>
    list[Math.floor(random() * list.length)];
  const rows: VmKind[][] = [];
  for (let array = 0; rows.length < count; array++)
    rows.push(...coveringRows(array % 4 === 3 ? ANY : REPAIRABLE, seed + array));
  return rows.slice(0, count).map((kinds, index) => ({
    name: `vm-${String(seed)}-${String(index)}`,
    kinds,
    way: random() < 0.5 ? 'swap' : 'rebuild',
    // The first or the second such call, once or thrice.
    fault: `${pick([1, 2]) ?? 1}+${pick([1, 3]) ?? 1} ${pick(ACTIONS) ?? ''}=${pick(EFFECTS) ?? ''}`,
  }));
}

/** A stage with a VM for each combination. */
export async function openCombined(
  account: number,
  combinations: readonly Combination[],
  storage?: string,
): Promise<Theatre> {
  const now = Date.now();
  const specs = combinations.map(({ kinds, name }) => kindVm(kinds, { name, now }));
  const own = KIND_GROUPS.flatMap(({ kinds }) =>
    kinds.filter(({ claims }) => claims?.subscription !== undefined),
  );
  const theatre = await openTheatre(account, {
    ...(storage !== undefined && { storage }),
    fleet: specs.map((spec) => ({ spec, brokenBy: '', expected: { kind: 'not-fixed' } })),
    lab: {
      assignedScopes: [LAB_SUBSCRIPTION, ...own.map(({ name }) => subscriptionOf(name))].map(
        (id) => `/subscriptions/${id}`,
      ),
    },
  });
  const { lab } = theatre.stage;
  for (const family of lab.catalogue.quota.keys()) lab.catalogue.quota.set(family, 100_000);
  combinations.forEach(({ kinds }, index) => {
    const spec: VmSpec | undefined = specs[index];
    if (spec) for (const kind of kinds) kind.surround?.(lab, spec);
  });
  return theatre;
}

/** What became of a VM, and everything that is not as it must be: nothing, whatever went wrong. */
export interface Verdict {
  outcome: string;
  /** Codes that the record gives for a VM that was not repaired. */
  why: string[];
  wrong: string[];
}

/**
 * Lets a VM be repaired while Azure fails, and looks: it is repaired, or it is as it was with the reason; it runs; all else of it is as it was;
 * nothing is left behind that the record does not name.
 */
export async function play(theatre: Theatre, { name, way, fault }: Combination): Promise<Verdict> {
  const { lab } = theatre.stage;
  const vmId = idOf(theatre, name);
  const before = { swap: keptOf(lab, vmId, 'swap'), rebuild: keptOf(lab, vmId, 'rebuild') };
  const originalId = osDiskOf(theatre, vmId);
  lab.faults.add(...parseFaults(fault));
  const record = await theatre.remediate(vmId, requestFor(way));
  lab.faults.clear();
  if (!lab.store.virtualMachines.find(vmId))
    return { outcome: record.outcome?.kind ?? 'none', why: reasonsOf(record), wrong: ['the VM is gone'] };
  const wrong: string[] = [];
  const after = keptOf(lab, vmId, way);
  for (const path of differences(toJson(before[way]), toJson(after))) wrong.push(`not as it was: ${path}`);
  const repaired = record.outcome?.kind === 'repaired-offline';
  const changed = osDiskOf(theatre, vmId) !== originalId;
  if (repaired && (await rdpOf(theatre, vmId)).state !== 'healthy') wrong.push('RDP does not answer');
  if (repaired !== changed) wrong.push(repaired ? 'repaired on its original disk' : 'on another disk');
  const why = reasonsOf(record);
  if (!repaired && why.length === 0) wrong.push('no reason is given');
  const named = new Set(record.cleanup.leftovers.map((id) => id.toLowerCase()));
  const unnamed = theatre
    .leftovers()
    .filter((id) => !named.has(id) && ![...named].some((one) => id.startsWith(one)));
  if (unnamed.length > 0) wrong.push(`left behind: ${unnamed.join(', ')}`);
  if (lab.vm(vmId).power !== 'running') wrong.push(`it is ${lab.vm(vmId).power}`);
  return { outcome: record.outcome?.kind ?? 'none', why, wrong };
}

/** Paths at which two values differ, with what stands there. */
function differences(one: JsonValue, other: JsonValue, path = ''): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (!isParent(one) || !isParent(other)) return [`${path} ${JSON.stringify(one)} ${JSON.stringify(other)}`];
  const [before, after] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) =>
    differences(before.get(name), after.get(name), `${path}.${name}`),
  );
}

function isParent(value: JsonValue): value is JsonObject | JsonValue[] {
  return typeof value === 'object' && value !== null;
}

function reasonsOf({ refusals, errors, steps }: RemediationRecord): string[] {
  const codes = [...refusals, ...errors, ...steps.flatMap(({ error }) => error ?? [])].map(
    ({ code }) => code,
  );
  return [...new Set(codes)];
}

function osDiskOf({ stage: { lab } }: Theatre, vmId: string): string {
  return lab.vm(vmId).properties.storageProfile?.osDisk?.managedDisk?.id?.toLowerCase() ?? '';
}
