import { labelledDisk } from './support/guests.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';
import type { VmSpec } from '../../../lab/arm/vm-spec.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

/** A deallocated VM beside a copy of its disk. */
async function prepare(
  vm: Partial<VmSpec> = {},
  copy: { zones?: string[]; hyperVGeneration?: string } = {},
): Promise<string> {
  await bench.lab.addVm(windowsVm('vm1', { power: 'deallocated', ...vm }));
  const { zones, hyperVGeneration } = copy;
  const disk = await bench.finish(
    bench.compute.disks.createOrUpdate(GROUP, 'repaired', {
      location: 'westeurope',
      ...(zones && { zones }),
      ...(hyperVGeneration !== undefined && { hyperVGeneration }),
      creationData: { createOption: 'Copy', sourceResourceId: bench.lab.disk('vm1-osdisk').id },
    }),
  );
  return disk.id ?? '';
}

const swap = (id: string, name = 'repaired') =>
  bench.finish(
    bench.compute.virtualMachines.update(GROUP, 'vm1', {
      storageProfile: { osDisk: { createOption: 'FromImage', name, managedDisk: { id } } },
    }),
  );

describe('swap of the OS disk', () => {
  it('puts the other disk under the VM, which starts from it; the old one stays behind', async () => {
    const id = await prepare();
    bench.lab.disk('repaired').content.identity = 'repaired';
    const vm = await swap(id);
    expect(vm.storageProfile?.osDisk).toMatchObject({ name: 'repaired', managedDisk: { id } });
    expect(await bench.compute.disks.get(GROUP, 'vm1-osdisk')).toMatchObject({ diskState: 'Unattached' });
    expect((await bench.compute.disks.get(GROUP, 'repaired')).managedBy).toBe(bench.lab.vm('vm1').id);
    await bench.finish(bench.compute.virtualMachines.start(GROUP, 'vm1'));
    expect(bench.guests.of('vm1').surroundings.osDisk.identity).toBe('repaired');
  });

  it('swaps back', async () => {
    const original = (await prepare(), bench.lab.disk('vm1-osdisk').id);
    await swap(bench.lab.disk('repaired').id);
    await swap(original, 'vm1-osdisk');
    await bench.finish(bench.compute.virtualMachines.start(GROUP, 'vm1'));
    expect(bench.guests.of('vm1').surroundings.osDisk).toEqual(labelledDisk('vm1'));
  });

  it('works by PUT of what GET gave, too', async () => {
    const id = await prepare();
    const vm = await bench.compute.virtualMachines.get(GROUP, 'vm1');
    const osDisk = {
      ...vm.storageProfile?.osDisk,
      createOption: 'FromImage',
      name: 'repaired',
      managedDisk: { id },
    };
    await bench.finish(
      bench.compute.virtualMachines.createOrUpdate(GROUP, 'vm1', {
        ...vm,
        storageProfile: { ...vm.storageProfile, osDisk },
      }),
    );
    expect(bench.lab.vm('vm1').properties.storageProfile?.osDisk?.name).toBe('repaired');
  });

  it.each<[string, Partial<VmSpec>, Parameters<typeof prepare>[1], string, RegExp]>([
    [
      'of another generation',
      {},
      { hyperVGeneration: 'V1' },
      'PropertyChangeNotAllowed',
      /HyperVisor Generation 'V2'/,
    ],
    ['in another zone', { zone: '1' }, { zones: ['2'] }, 'BadRequest', /VM zone: '1'. Disk zone: '2'/],
    [
      'encrypted from within',
      { azureDiskEncryption: true },
      {},
      'OSDiskSwapNotSupportedForVMsUsingDiskEncryption',
      /disk encryption/,
    ],
  ])('is refused when VM or disk is %s, and nothing changes', async (_case, vm, copy, code, message) => {
    const refusal = await refusalOf(swap(await prepare(vm, copy)));
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(message);
    expect(bench.lab.vm('vm1').properties.storageProfile?.osDisk?.name).toBe('vm1-osdisk');
  });

  it('is refused for a disk that another VM has', async () => {
    await prepare();
    await bench.lab.addVm(windowsVm('vm2'));
    const refusal = await refusalOf(swap(bench.lab.disk('vm2-osdisk').id, 'vm2-osdisk'));
    expect(refusal).toMatchObject({ status: 409, code: 'ConflictingUserInput' });
  });

  it.each([
    ['osDisk.name', { createOption: 'FromImage', name: 'renamed' }],
    ['osDisk.createOption', { createOption: 'Attach' }],
    ['osDisk.osType', { createOption: 'FromImage', osType: 'Linux' }],
  ] as const)('never changes %s', async (property, osDisk) => {
    await prepare();
    const refusal = await refusalOf(
      bench.compute.virtualMachines.update(GROUP, 'vm1', { storageProfile: { osDisk } }),
    );
    expect(refusal).toMatchObject({ status: 409, code: 'PropertyChangeNotAllowed' });
    expect(refusal.message).toContain(`Changing property '${property}' is not allowed.`);
  });

  it('keeps others from taking the disk while it goes on', async () => {
    const id = await prepare();
    await bench.lab.addVm(windowsVm('vm2'));
    const hold = bench.clock.hold();
    const poller = bench.compute.virtualMachines.update(GROUP, 'vm1', {
      storageProfile: { osDisk: { createOption: 'FromImage', name: 'repaired', managedDisk: { id } } },
    });
    await poller.poll();
    const refusal = await refusalOf(
      bench.compute.virtualMachines.attachDetachDataDisks(GROUP, 'vm2', {
        dataDisksToAttach: [{ diskId: id }],
      }),
    );
    expect(refusal).toMatchObject({ status: 409, code: 'ConflictingUserInput' });
    hold();
    await bench.finish(poller);
  });
});
