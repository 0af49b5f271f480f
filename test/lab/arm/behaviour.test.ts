import { parseActors } from '../../../lab/actors/parse.ts';
import type { Behaviour } from '../../../lab/arm/behaviour.ts';
import { labelledDisk } from './support/guests.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';

const benches: Bench[] = [];
const start = async (
  behaviour: Partial<Behaviour>,
  power: 'running' | 'stopped' | 'deallocated' = 'running',
) => {
  const bench = await startBench({ behaviour });
  benches.push(bench);
  await bench.lab.addVm(windowsVm('vm1', { power }));
  return bench;
};
afterEach(() => Promise.all(benches.splice(0).map((bench) => bench.close())));

const osDiskOf = ({ compute }: Bench, name = 'vm1-osdisk') => compute.disks.get(GROUP, name);

/** Lets lab time pass. */
const wait = ({ clock }: Bench, seconds: number) =>
  new Promise<void>((resolve) => {
    clock.setTimer(clock.now() + seconds * 1000, resolve);
  });

it('groups may be spelled in capitals in answers, and are the same in any case', async () => {
  const bench = await start({ groupsInCapitals: true });
  const { id, managedBy } = await osDiskOf(bench);
  expect(id).toBe(bench.lab.disk('vm1-osdisk').id.replace('rg-fleet', 'RG-FLEET'));
  expect(managedBy).toContain('/resourceGroups/RG-FLEET/');
  expect((await bench.compute.disks.get('RG-FLEET', 'vm1-osdisk')).id).toBe(id);
});

describe('swap of the OS disk under a VM that is not deallocated', () => {
  const swap = async (bench: Bench) => {
    const { compute, lab } = bench;
    const sourceResourceId = lab.disk('vm1-osdisk').id;
    const { id = '' } = await bench.finish(
      compute.disks.createOrUpdate(GROUP, 'repaired', {
        location: 'westeurope',
        creationData: { createOption: 'Copy', sourceResourceId },
      }),
    );
    lab.disk('repaired').content = labelledDisk('repaired');
    return bench.finish(
      compute.virtualMachines.update(GROUP, 'vm1', {
        storageProfile: { osDisk: { createOption: 'FromImage', name: 'repaired', managedDisk: { id } } },
      }),
    );
  };

  it('is accepted, and a running VM reboots onto the other disk', async () => {
    const bench = await start({ swap: 'always' });
    const before = bench.guests.of('vm1');
    await swap(bench);
    expect(before.state).toBe('off');
    expect(bench.guests.of('vm1').state).toBe('running');
    expect(bench.guests.of('vm1').surroundings.osDisk).toEqual(labelledDisk('repaired'));
    expect((await osDiskOf(bench)).diskState).toBe('Unattached');
  });

  it('leaves a stopped VM off', async () => {
    const bench = await start({ swap: 'not-running' }, 'stopped');
    await swap(bench);
    expect(bench.lab.vm('vm1').power).toBe('stopped');
    expect(bench.lab.guest('vm1')).toBeUndefined();
    expect(bench.lab.vm('vm1').properties.storageProfile?.osDisk?.name).toBe('repaired');
  });

  it.each([
    ['not-running', 'running'],
    ['deallocated', 'running'],
    ['deallocated', 'stopped'],
  ] as const)('is refused by the rule %p for one that is %s, and nothing changes', async (rule, power) => {
    const bench = await start({ swap: rule }, power);
    const refusal = await refusalOf(swap(bench));
    expect(refusal).toMatchObject({ status: 409, code: 'OperationNotAllowed' });
    expect(refusal.message).toMatch(/since the VM is not deallocated/);
    expect(bench.lab.vm('vm1').properties.storageProfile?.osDisk?.name).toBe('vm1-osdisk');
  });
});

describe('LastOwnershipUpdateTime of a disk', () => {
  const moves = async (bench: Bench, deed: () => Promise<unknown>, disk = 'vm1-osdisk'): Promise<boolean> => {
    const before = (await osDiskOf(bench, disk)).lastOwnershipUpdateTime;
    await wait(bench, 60);
    await deed().catch(() => undefined);
    return (await osDiskOf(bench, disk)).lastOwnershipUpdateTime?.getTime() !== before?.getTime();
  };

  it.each([
    ['deallocate', 'running', true],
    ['start', 'deallocated', true],
    ['powerOff', 'running', false],
    ['restart', 'running', false],
  ] as const)('after %s of a VM that was %s has moved: %p', async (verb, power, expected) => {
    const bench = await start({}, power);
    expect(await moves(bench, () => bench.finish(bench.compute.virtualMachines[verb](GROUP, 'vm1')))).toBe(
      expected,
    );
  });

  it('does not move when a deallocated VM is deallocated again', async () => {
    const bench = await start({}, 'deallocated');
    const again = () => bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
    expect(await moves(bench, again)).toBe(false);
  });

  it('moves when a disk comes to a VM, when it leaves, and when its VM is deleted; a new one has none', async () => {
    const bench = await start({});
    const { compute } = bench;
    const { id: diskId = '' } = await bench.finish(
      compute.disks.createOrUpdate(GROUP, 'data', {
        location: 'westeurope',
        diskSizeGB: 4,
        creationData: { createOption: 'Empty' },
      }),
    );
    expect((await osDiskOf(bench, 'data')).lastOwnershipUpdateTime).toBeUndefined();
    const attachDetach = (body: object) => () =>
      bench.finish(compute.virtualMachines.attachDetachDataDisks(GROUP, 'vm1', body));
    expect(await moves(bench, attachDetach({ dataDisksToAttach: [{ diskId }] }), 'data')).toBe(true);
    expect(await moves(bench, attachDetach({ dataDisksToDetach: [{ diskId }] }), 'data')).toBe(true);
    expect(await moves(bench, () => bench.finish(compute.virtualMachines.delete(GROUP, 'vm1')))).toBe(true);
  });

  it.each([true, false])('moves with a start that fails: %p', async (failedStartMovesOwnership) => {
    const bench = await start({ failedStartMovesOwnership }, 'deallocated');
    bench.lab.catalogue.exhausted.push({ size: 'Standard_D2s_v5' });
    const failing = () => bench.finish(bench.compute.virtualMachines.start(GROUP, 'vm1'));
    expect(await moves(bench, failing)).toBe(failedStartMovesOwnership);
    expect(bench.lab.vm('vm1').power).toBe('deallocated');
  });
});

describe('ETag of a VM', () => {
  it.each([true, false])('moves with its power: %p', async (powerMovesEtag) => {
    const bench = await start({ powerMovesEtag });
    const etag = async () => (await bench.compute.virtualMachines.get(GROUP, 'vm1')).etag;
    const before = await etag();
    await bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
    expect((await etag()) !== before).toBe(powerMovesEtag);
  });
});

describe('diskState after deallocation', () => {
  it.each([0, 45])('is Reserved %p seconds later, and Attached until then', async (reservedAfterSeconds) => {
    const bench = await start({ reservedAfterSeconds });
    const hold = bench.clock.hold();
    const poller = bench.compute.virtualMachines.deallocate(GROUP, 'vm1');
    await poller.poll();
    expect((await osDiskOf(bench)).diskState).toBe('Attached');
    hold();
    await bench.finish(poller);
    const late = reservedAfterSeconds > 0;
    expect((await osDiskOf(bench)).diskState).toBe(late ? 'Attached' : 'Reserved');
    await wait(bench, reservedAfterSeconds);
    expect((await osDiskOf(bench)).diskState).toBe('Reserved');
  });
});

describe('what a copy tells of its source', () => {
  it('is the id and the unique id, on snapshots and on disks alike', async () => {
    const bench = await start({});
    const { id: diskId = '', uniqueId } = await osDiskOf(bench);
    const snapshot = await bench.finish(
      bench.compute.snapshots.createOrUpdate(GROUP, 's', {
        location: 'westeurope',
        creationData: { createOption: 'Copy', sourceResourceId: diskId },
      }),
    );
    expect(snapshot.creationData).toMatchObject({ sourceResourceId: diskId, sourceUniqueId: uniqueId });
    expect(snapshot.timeCreated).toBeInstanceOf(Date);
    const copy = await bench.finish(
      bench.compute.disks.createOrUpdate(GROUP, 'copy', {
        location: 'westeurope',
        creationData: { createOption: 'Copy', sourceResourceId: snapshot.id ?? '' },
      }),
    );
    expect(copy.creationData).toMatchObject({
      sourceResourceId: snapshot.id,
      sourceUniqueId: snapshot.uniqueId,
    });
    expect(copy.uniqueId).not.toBe(uniqueId);
  });
});

describe('another size', () => {
  it('makes a running VM restart', async () => {
    const bench = await start({});
    const before = bench.guests.of('vm1');
    await bench.finish(
      bench.compute.virtualMachines.update(GROUP, 'vm1', { hardwareProfile: { vmSize: 'Standard_D4s_v5' } }),
    );
    expect(before.state).toBe('off');
    expect(bench.guests.of('vm1')).not.toBe(before);
    expect(bench.guests.of('vm1').state).toBe('running');
  });
});

describe('rights taken away', () => {
  it.each([0, 1800])('count %p seconds later, and until then the old ones do', async (roleChangeSeconds) => {
    const bench = await start({ roleChangeSeconds });
    bench.lab.actors.add(...parseActors('now -> revoke on vm1'));
    const read = () => bench.compute.virtualMachines.get(GROUP, 'vm1');
    const hold = bench.clock.hold();
    await wait(bench, 0);
    await bench.lab.actors.idle();
    if (roleChangeSeconds > 0) expect((await read()).name).toBe('vm1');
    hold();
    await wait(bench, roleChangeSeconds);
    expect(await refusalOf(read())).toMatchObject({ status: 403 });
  });
});
