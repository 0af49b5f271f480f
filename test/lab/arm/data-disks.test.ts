import { labelledDisk } from './support/guests.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('rescue'));
  for (const name of ['a', 'b']) {
    await bench.finish(
      bench.compute.disks.createOrUpdate(GROUP, name, {
        location: 'westeurope',
        diskSizeGB: 4,
        creationData: { createOption: 'Empty' },
      }),
    );
    bench.lab.disk(name).content.identity = name;
  }
});
afterEach(() => bench.close());

const attach = (diskId: string, lun?: number) =>
  bench.finish(
    bench.compute.virtualMachines.attachDetachDataDisks(GROUP, 'rescue', {
      dataDisksToAttach: [{ diskId, ...(lun !== undefined && { lun }) }],
    }),
  );
const detach = (diskId: string) =>
  bench.finish(
    bench.compute.virtualMachines.attachDetachDataDisks(GROUP, 'rescue', { dataDisksToDetach: [{ diskId }] }),
  );
const id = (name: string): string => bench.lab.disk(name).id;
const guestDisks = (): [number, string][] =>
  [...bench.guests.of('rescue').surroundings.dataDisks].map(([lun, { identity }]) => [lun, identity]);

describe('data disks', () => {
  it('attached by action appear in the guest and in the answer', async () => {
    const profile = await attach(id('a'), 3);
    expect(profile.dataDisks).toMatchObject([
      { lun: 3, name: 'a', createOption: 'Attach', managedDisk: { id: id('a') } },
    ]);
    expect(guestDisks()).toEqual([[3, 'a']]);
    expect(await bench.compute.disks.get(GROUP, 'a')).toMatchObject({
      diskState: 'Attached',
      managedBy: bench.lab.vm('rescue').id,
    });
  });

  it('are the very disks the guest writes to', async () => {
    await attach(id('a'), 0);
    const seen = bench.guests.of('rescue').surroundings.dataDisks.get(0);
    if (seen) seen.partitions = labelledDisk('written').partitions;
    await detach(id('a'));
    expect(bench.lab.disk('a').content.partitions[0]?.label).toBe('written');
    expect(guestDisks()).toEqual([]);
    expect((await bench.compute.disks.get(GROUP, 'a')).diskState).toBe('Unattached');
  });

  it('get the next free LUN when none is given', async () => {
    await attach(id('a'), 0);
    await attach(id('b'));
    expect(guestDisks()).toEqual([
      [0, 'a'],
      [1, 'b'],
    ]);
  });

  it('come and go by PATCH of the whole list', async () => {
    const update = (
      dataDisks: { lun: number; createOption: string; managedDisk: { id: string }; toBeDetached?: boolean }[],
    ) =>
      bench.finish(bench.compute.virtualMachines.update(GROUP, 'rescue', { storageProfile: { dataDisks } }));
    const entry = (name: string, lun: number) => ({
      lun,
      createOption: 'Attach',
      managedDisk: { id: id(name) },
    });
    await update([entry('a', 0), entry('b', 1)]);
    expect(guestDisks()).toEqual([
      [0, 'a'],
      [1, 'b'],
    ]);
    await update([{ ...entry('a', 0), toBeDetached: true }, entry('b', 1)]);
    expect(guestDisks()).toEqual([[1, 'b']]);
    await update([]);
    expect(guestDisks()).toEqual([]);
  });

  it('stay where they are when another property is patched', async () => {
    await attach(id('a'), 0);
    await bench.finish(bench.compute.virtualMachines.update(GROUP, 'rescue', { tags: { step: 'offline' } }));
    expect(guestDisks()).toEqual([[0, 'a']]);
    expect(bench.lab.vm('rescue').tags).toEqual({ step: 'offline' });
  });

  it('are refused when another VM has them', async () => {
    await attach(id('a'), 0);
    await bench.lab.addVm(windowsVm('other'));
    const refusal = await refusalOf(
      bench.compute.virtualMachines.attachDetachDataDisks(GROUP, 'other', {
        dataDisksToAttach: [{ diskId: id('a') }],
      }),
    );
    expect(refusal).toMatchObject({ status: 409, code: 'ConflictingUserInput' });
    expect(refusal.message).toContain('A disk can be attached to only one VM at a time.');
  });

  it('are refused on a taken LUN, in another zone, and beyond what the size takes', async () => {
    await attach(id('a'), 0);
    expect(await refusalOf(attach(id('b'), 0))).toMatchObject({ status: 400, code: 'InvalidParameter' });
    bench.lab.disk('b').zones = ['2'];
    expect(await refusalOf(attach(id('b'), 1))).toMatchObject({ status: 400, code: 'BadRequest' });
    delete bench.lab.disk('b').zones;
    bench.lab.vm('rescue').properties.hardwareProfile = { vmSize: 'Standard_A1_v2' };
    await attach(id('b'), 1);
    await bench.finish(
      bench.compute.disks.createOrUpdate(GROUP, 'c', {
        location: 'westeurope',
        diskSizeGB: 4,
        creationData: { createOption: 'Empty' },
      }),
    );
    expect(await refusalOf(attach(id('c'), 2))).toMatchObject({ status: 409, code: 'OperationNotAllowed' });
  });

  it('cannot be attached while they are still being detached', async () => {
    await attach(id('a'), 0);
    await bench.lab.addVm(windowsVm('other'));
    const hold = bench.clock.hold();
    const leaving = bench.compute.virtualMachines.attachDetachDataDisks(GROUP, 'rescue', {
      dataDisksToDetach: [{ diskId: id('a') }],
    });
    await leaving.poll();
    const refusal = await refusalOf(
      bench.compute.virtualMachines.attachDetachDataDisks(GROUP, 'other', {
        dataDisksToAttach: [{ diskId: id('a') }],
      }),
    );
    expect(refusal).toMatchObject({ status: 409, code: 'AttachDiskWhileBeingDetached' });
    hold();
    await bench.finish(leaving);
  });

  it('are free again when the operation that was to attach them failed', async () => {
    bench.lab.faults.add({
      match: { action: '*/attachDetachDataDisks/action' },
      effect: { kind: 'operation-fails', code: 'InternalServerError', message: 'no' },
    });
    await expect(attach(id('a'), 0)).rejects.toThrow('no');
    expect((await bench.compute.disks.get(GROUP, 'a')).diskState).toBe('Unattached');
    await attach(id('a'), 0);
    expect(guestDisks()).toEqual([[0, 'a']]);
  });

  it('are refused while another change of the VM goes on', async () => {
    const hold = bench.clock.hold();
    const first = bench.compute.virtualMachines.attachDetachDataDisks(GROUP, 'rescue', {
      dataDisksToAttach: [{ diskId: id('a') }],
    });
    await first.poll();
    expect(await refusalOf(attach(id('b')))).toMatchObject({ status: 409, code: 'Conflict' });
    hold();
    await bench.finish(first);
  });
});
