import {
  kindVm,
  subscriptionOf,
  type Ends,
  type KindGroup,
  type VmKind,
} from '../../../../lab/fleet/kinds/index.ts';
import { LAB_SUBSCRIPTION } from '../../../../lab/arm/start-lab.ts';
import { probeRdp } from '../../../../shared/probe/probe.ts';
import type { RemediationRecord } from '../../../../shared/model/record.ts';
import type { RestoreWay } from '../../../../shared/model/request.ts';
import { requestFor } from '../../support/offline-repair.ts';
import { openTheatre, type Theatre } from '../../support/theatre.ts';
import { eachOf, isRun } from '../../../support/rows.ts';
import { keptOf, madeLike } from './kept.ts';

const now = Date.now();
const WAYS: readonly RestoreWay[] = ['swap', 'rebuild'];

/** Of each group the first cell is run everywhere, and then one in so many. */
const ONE_IN = 24;

/** A VM of each cell: a kind, and one of the two ways back; where neither can be, one whose agent answers. */
interface Cell {
  name: string;
  kind: VmKind;
  way: RestoreWay;
  ends: Ends;
  agent: boolean;
}

/** The cells of a group of kinds. */
export function cellsOf({ kinds }: KindGroup): Cell[] {
  return kinds.flatMap((kind) => {
    const cells = WAYS.map((way) => ({
      name: `${kind.name}-${way}`,
      kind,
      way,
      ends: kind[way],
      agent: false,
    }));
    const online = WAYS.every((way) => ['online-only', 'rehearsal-finds'].includes(kind[way].ends));
    return online
      ? [...cells, { name: `${kind.name}-online`, kind, way: 'swap' as const, ends: kind.swap, agent: true }]
      : cells;
  });
}

/** Specifies every kind of a group, with both ways back: what becomes of the VM, and that all else stays as it is. */
export function describeKinds(groups: readonly KindGroup[], account: number): void {
  // VMs that no row asks for need not be made.
  const cells = groups.flatMap((group) => cellsOf(group).filter((_, index) => isRun(index, ONE_IN)));
  let theatre: Theatre;
  beforeAll(async () => {
    const specs = cells.map(({ name, kind, agent }) => kindVm([kind], { name, now, agent }));
    const subscriptions = groups.flatMap(({ kinds }) => kinds.map(({ name }) => subscriptionOf(name)));
    theatre = await openTheatre(account, {
      fleet: specs.map((spec) => ({ spec, brokenBy: '', expected: { kind: 'not-fixed' } })),
      lab: {
        assignedScopes: [LAB_SUBSCRIPTION, ...subscriptions].map((id) => `/subscriptions/${id}`),
      },
    });
    const { lab } = theatre.stage;
    for (const family of lab.catalogue.quota.keys()) lab.catalogue.quota.set(family, 1000);
    cells.forEach(({ kind }, index) => {
      const spec = specs[index];
      if (spec) kind.surround?.(lab, spec);
    });
  });
  afterAll(() => theatre.close());

  describe.each(groups)('$title', (group) => {
    eachOf(cellsOf(group), ONE_IN)('$name: $ends.ends', async ({ name, ...cell }) => {
      await expectCell(theatre, idOf(theatre, name), cell);
    });
  });
}

export function idOf({ stage }: Theatre, name: string): string {
  const found = stage.lab.store.virtualMachines.within('/').find((vm) => vm.name === name);
  if (!found) throw new Error(`no VM ${name}`);
  return found.id;
}

async function expectCell(
  theatre: Theatre,
  vmId: string,
  { kind, way, ends, agent }: Omit<Cell, 'name'>,
): Promise<void> {
  const { lab } = theatre.stage;
  const repaired = ends.ends === 'repaired';
  const before = keptOf(lab, vmId, repaired ? way : undefined);
  const osDiskId = lab.vm(vmId).properties.storageProfile?.osDisk?.managedDisk?.id;
  const original = osDiskId === undefined ? undefined : structuredClone(lab.disk(osDiskId));

  const record = await theatre.remediate(vmId, requestFor(way));

  if (repaired || agent)
    expect(record.outcome).toMatchObject({ kind: agent ? 'repaired-online' : 'repaired-offline' });
  else expectRefused(record, ends);
  expect(keptOf(lab, vmId, repaired ? way : undefined)).toEqual(before);
  if (repaired && !agent) {
    expect(await rdpOf(theatre, vmId)).toMatchObject({ state: 'healthy' });
    if (original) expectCopy(theatre, vmId, original);
  } else {
    // Some online fixes take a restart.
    expect(takenDown(theatre, vmId).filter((action) => !agent || !/restart/i.test(action))).toEqual([]);
    expect(lab.vm(vmId).properties.storageProfile?.osDisk?.managedDisk?.id).toBe(osDiskId);
    if (original && !agent) expect(lab.disk(original.id)).toEqual(original);
  }
  const leftovers = theatre
    .leftovers()
    .filter((id) => !(kind.leavesRunCommands && /\/runcommands\//.test(id)));
  expect(leftovers).toEqual([]);
  if (!kind.leavesRunCommands || !agent) expect(record.cleanup.leftovers).toEqual([]);
  else expect(record.plan?.lines.join(' ')).toContain('run commands');
}

function expectRefused(record: RemediationRecord, ends: Exclude<Ends, { ends: 'repaired' }>): void {
  const told = [...record.refusals, ...record.errors];
  expect(told.map(({ code }) => code)).toContain(ends.code);
  for (const { next } of told) expect(next).not.toBe('');
  const kinds = {
    'online-only': 'not-fixed',
    'rehearsal-finds': 'not-fixed',
    refused: 'refused',
    'no-snapshot': 'failed',
  };
  expect(record.outcome?.kind).toBe(kinds[ends.ends]);
  if (ends.ends === 'online-only') expect(record.refusals.map(({ code }) => code)).toContain(ends.code);
  if (ends.ends === 'no-snapshot') expect(record.snapshot).toBeUndefined();
}

/** The original is to the byte what it was, and the disk under the VM is like it in all but what it holds. */
function expectCopy(
  { stage: { lab } }: Theatre,
  vmId: string,
  original: ReturnType<Theatre['stage']['lab']['disk']>,
) {
  const copy = lab.disk(lab.vm(vmId).properties.storageProfile?.osDisk?.managedDisk?.id ?? '');
  expect(copy.id).not.toBe(original.id);
  expect(madeLike(lab, copy)).toEqual(madeLike(lab, original));
  const kept = lab.disk(original.id);
  expect(kept).toMatchObject({ content: original.content, tags: { 'rdp-medic-role': 'original-disk' } });
  expect(kept.tags).toMatchObject(original.tags ?? {});
  expect(kept.managedBy).toBeUndefined();
}

/** What Azure was asked to do to a VM that takes it down. */
export function takenDown({ stage: { lab } }: Theatre, vmId: string): string[] {
  return lab
    .activity()
    .filter(({ resource }) => resource.toLowerCase() === vmId.toLowerCase())
    .map(({ action }) => action)
    .filter((action) => /deallocate|poweroff|restart|delete$/i.test(action));
}

/** What RDP of a VM says at its public address, or where it has none at its private one. */
export function rdpOf({ stage: { lab } }: Theatre, vmId: string) {
  const { store } = lab;
  const references = lab.vm(vmId).properties.networkProfile?.networkInterfaces ?? [];
  const primary = references.find(({ properties }) => properties?.primary === true) ?? references[0];
  const [configuration] = store.networkInterfaces.get(primary?.id ?? '').ipConfigurations;
  const publicId = configuration?.properties.publicIPAddress?.id;
  const address =
    (publicId === undefined ? undefined : store.publicIpAddresses.get(publicId).ipAddress) ??
    configuration?.properties.privateIPAddress ??
    '';
  return probeRdp({ address, port: 3389 }, { timeoutMs: 3000, now: () => lab.clock.now() });
}
