import { emptyDisk } from '../../../lab/arm/compute/empty-disk.ts';
import type { VmSpec } from '../../../lab/arm/vm-spec.ts';
import { disableAgent } from '../../../lab/fleet/faults/settings.ts';
import { makeFleet, type FleetVm } from '../../../lab/fleet/index.ts';
import { lossSchema } from '../../../shared/model/rebuild.ts';
import type { RemediationRecord } from '../../../shared/model/record.ts';
import type { RestoreWay } from '../../../shared/model/request.ts';
import { eachOf } from '../../support/rows.ts';
import { REPAIRED, stateUnder } from './end-states.ts';
import { openTheatre, type Theatre } from './theatre.ts';

const now = Date.now();

/** The same VM, but its agent is silent: nothing can be repaired online. */
function silenced(vm: FleetVm): FleetVm {
  if (vm.spec.osType !== 'Linux') disableAgent(vm.spec.osDisk);
  return vm;
}

/** With all that a rebuild may lose and a swap must not touch: tags, data disks, host caching that is not the portal's. */
function dressed(vm: FleetVm): FleetVm {
  const { spec } = vm;
  const dataDisks: VmSpec['dataDisks'] = [
    { lun: 3, content: emptyDisk(`${spec.name} data`), caching: 'ReadOnly', deleteOption: 'Delete' },
    { lun: 7, content: emptyDisk(`${spec.name} logs`) },
  ];
  const tags = { owner: 'finance', 'rdp-medic': 'enabled' };
  return {
    ...vm,
    spec: { ...spec, tags, dataDisks, osDiskCaching: 'ReadOnly', deleteOptions: { nic: 'Delete' } },
  };
}

/** A request for one of the two ways back; whoever asks for a rebuild has to say what may be lost. */
export function requestFor(restoreWay: RestoreWay): object {
  return { options: { restoreWay, ...(restoreWay === 'rebuild' && { acceptLosses: lossSchema.options }) } };
}

/** Not these: no disk is at fault, or the domain's policy would undo it at the first boot. */
const NOT_OFFLINE = ['open-to-internet', 'tls-policy'];

/** Who holds the port cannot be seen on a disk, so RDP moves away from it. */
const OFFLINE: Readonly<Record<string, object>> = { 'rdp-port': { port: 3390 } };

/** Specifies the offline repair of the whole fleet, with one of the two ways back. */
export function describeOfflineRepair(way: RestoreWay, account: number): void {
  const broken = makeFleet({ now })
    .filter(({ cause, spec }) => cause !== undefined && !NOT_OFFLINE.includes(spec.name))
    .map(({ spec }) => spec.name);
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await openTheatre(account, { fleet: makeFleet({ now }).map(silenced).map(dressed) });
  });
  afterAll(() => theatre.close());

  eachOf(broken, 9)('%s is repaired on a copy of its disk', async (name) => {
    const { lab } = theatre.stage;
    const before = structuredClone(lab.vm(name));
    const original = theatre.osDiskOf(name);
    const originalContent = structuredClone(original.content);

    const record = await theatre.remediate(name, requestFor(way));

    expect(record.outcome).toMatchObject({ kind: 'repaired-offline' });
    expect(await theatre.rdpOf(name, record.outcome?.rdpPort)).toMatchObject({ state: 'healthy' });
    expect(stateUnder(theatre, name)).toMatchObject({ ...REPAIRED[name], ...OFFLINE[name], groupPolicy: 2 });
    expect(theatre.osDiskOf(name).id).not.toBe(original.id);
    // The original is the way back: to the byte what it was, kept, and nobody's now.
    expect(lab.disk(original.id)).toMatchObject({
      content: originalContent,
      tags: { 'rdp-medic-role': 'original-disk' },
    });
    expect(lab.disk(original.id).managedBy).toBeUndefined();
    expectSameVm(theatre, name, before, way);
    expectNothingLeft(theatre, record);
  });

  it('tls-policy, which the domain breaks again at its first boot, stays on the disk on which Windows came up', async () => {
    const original = theatre.osDiskOf('tls-policy').id;
    const record = await theatre.remediate('tls-policy', requestFor(way));
    expect(record.outcome).toMatchObject({ kind: 'not-fixed' });
    expect(record.outcome?.summary).toContain('keeps that disk');
    expect(record.originalDisk?.id).toBe(original);
    expect(theatre.osDiskOf('tls-policy').id).not.toBe(original);
    expect(theatre.stage.lab.vm('tls-policy').power).toBe('running');
    expect(theatre.stage.lab.disk(original).tags).toMatchObject({ 'rdp-medic-role': 'original-disk' });
    expectNothingLeft(theatre, record);
  });
}

/** Everything of the VM that can be kept is as it was; only the OS disk may be another one, and after a rebuild the VM itself. */
export function expectSameVm(theatre: Theatre, name: string, before: LabVm, way: RestoreWay = 'swap'): void {
  const after = theatre.stage.lab.vm(name);
  expect(after.power).toBe('running');
  expect(after.vmId === before.vmId).toBe(way === 'swap');
  expect(after).toMatchObject({ location: before.location, generation: before.generation });
  expect(after.zones).toEqual(before.zones);
  expect(after.tags).toEqual(before.tags);
  expect(after.properties.hardwareProfile).toEqual(before.properties.hardwareProfile);
  expect(after.properties.securityProfile).toEqual(before.properties.securityProfile);
  expect(attachedTo(after)).toEqual(attachedTo(before, way === 'rebuild' ? 'Detach' : undefined));
  for (const { managedDisk } of before.properties.storageProfile?.dataDisks ?? [])
    expect(theatre.stage.lab.disk(managedDisk?.id ?? '').managedBy?.toLowerCase()).toBe(
      after.id.toLowerCase(),
    );
}

type LabVm = ReturnType<Theatre['stage']['lab']['vm']>;

/** Disks and network cards under a VM, and what becomes of them when it is deleted: after a rebuild they stay. */
function attachedTo({ properties: { storageProfile, networkProfile } }: LabVm, instead?: 'Detach') {
  const { osDisk, dataDisks = [] } = storageProfile ?? {};
  return {
    osDisk: { caching: osDisk?.caching, deleteOption: instead ?? osDisk?.deleteOption },
    dataDisks: dataDisks.map(({ lun, caching, deleteOption, managedDisk }) => ({
      lun,
      caching,
      deleteOption: instead ?? deleteOption,
      id: managedDisk?.id?.toLowerCase(),
    })),
    nics: (networkProfile?.networkInterfaces ?? []).map(({ id, properties }) => ({
      id: id?.toLowerCase(),
      deleteOption: instead ?? properties?.deleteOption,
    })),
  };
}

export function expectNothingLeft(theatre: Theatre, record: RemediationRecord): void {
  expect(record.cleanup.leftovers).toEqual([]);
  expect(theatre.leftovers()).toEqual([]);
}
