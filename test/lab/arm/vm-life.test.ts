import type { VirtualMachine } from '@azure/arm-compute';
import { LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { resourceId } from '../../../lab/arm/store/resource-id.ts';
import { GROUP, refusalOf, SERVER_2022, startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

const location = 'westeurope';
const nicIdOf = (vm: string): string =>
  resourceId(LAB_SUBSCRIPTION, GROUP, 'Microsoft.Network/networkInterfaces', `${vm}-nic`);

async function createNic(name = 'rescue-nic'): Promise<string> {
  const [network] = bench.lab.store.virtualNetworks.within('/');
  const nic = await bench.finish(
    bench.network.networkInterfaces.createOrUpdate(GROUP, name, {
      location,
      ipConfigurations: [{ name: 'ipconfig1', subnet: { id: `${network?.id ?? ''}/subnets/default` } }],
    }),
  );
  return nic.id ?? '';
}

const rescueVm = (nicId: string, more: Partial<VirtualMachine> = {}): VirtualMachine => ({
  location,
  tags: { 'rdp-medic-role': 'rescue' },
  hardwareProfile: { vmSize: 'Standard_D2s_v5' },
  storageProfile: {
    imageReference: { ...SERVER_2022, sku: '2019-datacenter-smalldisk' },
    osDisk: {
      name: 'rescue-os',
      createOption: 'FromImage',
      deleteOption: 'Delete',
      managedDisk: { storageAccountType: 'StandardSSD_LRS' },
    },
  },
  osProfile: { computerName: 'rescue', adminUsername: 'medic', adminPassword: 'Corr3ct-Horse' },
  networkProfile: { networkInterfaces: [{ id: nicId, deleteOption: 'Delete', primary: true }] },
  ...more,
});

const create = (vm: VirtualMachine, name = 'rescue') =>
  bench.finish(bench.compute.virtualMachines.createOrUpdate(GROUP, name, vm));

describe('a new VM', () => {
  it('runs from a fresh disk of the newest image version', async () => {
    const vm = await create(rescueVm(await createNic()));
    expect(vm).toMatchObject({ provisioningState: 'Succeeded', tags: { 'rdp-medic-role': 'rescue' } });
    expect(bench.guests.of('rescue').surroundings.osDisk.identity).toBe('{image-2019}');
    const disk = await bench.compute.disks.get(GROUP, 'rescue-os');
    expect(disk).toMatchObject({
      diskState: 'Attached',
      hyperVGeneration: 'V1',
      diskSizeGB: 30,
      sku: { name: 'StandardSSD_LRS' },
    });
    expect(disk.creationData?.imageReference?.id).toContain('17763.6400.1');
  });

  it('never shows its password', async () => {
    const vm = await create(rescueVm(await createNic()));
    expect(vm.osProfile).toMatchObject({ adminUsername: 'medic' });
    expect(JSON.stringify(vm)).not.toContain('Corr3ct-Horse');
  });

  it('fails when its agent never reports', async () => {
    bench.guests.silent.add('rescue');
    await expect(create(rescueVm(await createNic()))).rejects.toThrow('OS Provisioning');
    expect(bench.lab.vm('rescue').provisioningState).toBe('Failed');
  });

  it('can be built around an existing disk with its data disks', async () => {
    await bench.lab.addVm(
      windowsVm('old', {
        dataDisks: [{ lun: 4, content: { style: 'GPT', identity: 'data', partitions: [] } }],
      }),
    );
    await bench.finish(bench.compute.virtualMachines.delete(GROUP, 'old'));
    const attached = (name: string) => ({
      createOption: 'Attach',
      managedDisk: { id: bench.lab.disk(name).id },
    });
    const { osProfile: _profile, ...rebuilt } = rescueVm(nicIdOf('old'), {
      storageProfile: {
        osDisk: { osType: 'Windows', ...attached('old-osdisk') },
        dataDisks: [{ lun: 4, ...attached('old-data4') }],
      },
    });
    await create(rebuilt, 'old');
    expect(bench.guests.of('old').surroundings.osDisk.identity).toBe('{old}');
    expect([...bench.guests.of('old').surroundings.dataDisks.keys()]).toEqual([4]);
  });

  it.each<[string, (vm: VirtualMachine) => VirtualMachine, number, string]>([
    [
      'an unknown NIC',
      (vm) => ({ ...vm, networkProfile: { networkInterfaces: [{ id: `${bench.lab.vm('vm1').id}/none` }] } }),
      400,
      'InvalidResourceReference',
    ],
    [
      'a NIC in use',
      (vm) => ({ ...vm, networkProfile: { networkInterfaces: [{ id: nicIdOf('vm1') }] } }),
      400,
      'NicInUse',
    ],
    [
      'an unknown size',
      (vm) => ({ ...vm, hardwareProfile: { vmSize: 'Standard_Nope' } }),
      400,
      'InvalidParameter',
    ],
    [
      'a size that cannot boot the generation',
      (vm) => ({ ...vm, hardwareProfile: { vmSize: 'Standard_D2s_v6' } }),
      400,
      'BadRequest',
    ],
    [
      'an unknown image',
      (vm) => ({
        ...vm,
        storageProfile: { ...vm.storageProfile, imageReference: { ...SERVER_2022, sku: 'none' } },
      }),
      404,
      'PlatformImageNotFound',
    ],
    [
      'a weak password',
      (vm) => ({ ...vm, osProfile: { ...vm.osProfile, adminPassword: 'password' } }),
      400,
      'InvalidParameter',
    ],
    [
      'an image together with an existing disk',
      (vm) => ({
        ...vm,
        storageProfile: {
          ...vm.storageProfile,
          osDisk: { createOption: 'Attach', managedDisk: { id: bench.lab.disk('vm1-osdisk').id } },
        },
      }),
      400,
      'InvalidParameter',
    ],
  ])('is refused with %s, and leaves nothing behind', async (_case, change, status, code) => {
    const vm = rescueVm(await createNic());
    const before = bench.lab.resources().length;
    expect(await refusalOf(create(change(vm)))).toMatchObject({ status, code });
    expect(bench.lab.resources()).toHaveLength(before);
  });

  it('is refused beyond the quota, with the figures', async () => {
    bench.lab.catalogue.quota.set('standardDSv5Family', 3);
    const refusal = await refusalOf(create(rescueVm(await createNic())));
    expect(refusal).toMatchObject({ status: 409, code: 'OperationNotAllowed' });
    expect(refusal.message).toMatch(
      /Current Limit: 3, Current Usage: 2, Additional Required: 2, \(Minimum\) New Limit Required: 4/,
    );
  });

  it('is refused in a size the subscription may not have, as the list of SKUs says', async () => {
    bench.lab.catalogue.restrictions.push({
      size: 'Standard_D2s_v5',
      reasonCode: 'NotAvailableForSubscription',
    });
    expect(await refusalOf(create(rescueVm(await createNic())))).toMatchObject({
      status: 409,
      code: 'SkuNotAvailable',
    });
    const restricted = [];
    for await (const sku of bench.compute.resourceSkus.list({ filter: "location eq 'westeurope'" })) {
      if (sku.restrictions?.length) restricted.push(sku.name);
    }
    expect(restricted).toEqual(['Standard_D2s_v5']);
  });
});

describe('deleting a VM', () => {
  it('takes along what is set to Delete', async () => {
    const before = bench.lab.resources().length;
    await create(rescueVm(await createNic()));
    await bench.finish(bench.compute.virtualMachines.delete(GROUP, 'rescue'));
    expect(bench.lab.resources()).toHaveLength(before);
    expect(bench.guests.of('rescue').state).toBe('off');
  });

  it('leaves behind, free, what is set to Detach', async () => {
    await bench.finish(bench.compute.virtualMachines.delete(GROUP, 'vm1', { forceDeletion: true }));
    expect((await bench.compute.disks.get(GROUP, 'vm1-osdisk')).diskState).toBe('Unattached');
    expect((await bench.network.networkInterfaces.get(GROUP, 'vm1-nic')).virtualMachine).toBeUndefined();
    expect(await refusalOf(bench.compute.virtualMachines.get(GROUP, 'vm1'))).toMatchObject({ status: 404 });
  });

  it('obeys a delete option changed beforehand', async () => {
    await bench.finish(
      bench.compute.virtualMachines.update(GROUP, 'vm1', {
        storageProfile: { osDisk: { createOption: 'FromImage', deleteOption: 'Delete' } },
        networkProfile: {
          networkInterfaces: [
            {
              id: nicIdOf('vm1'),
              deleteOption: 'Delete',
            },
          ],
        },
      }),
    );
    await bench.finish(bench.compute.virtualMachines.delete(GROUP, 'vm1'));
    const names = bench.lab.resources().map(({ name }) => name);
    expect(names).not.toContain('vm1-osdisk');
    expect(names).not.toContain('vm1-nic');
  });

  it('is no error when it is not there', async () => {
    await bench.finish(bench.compute.virtualMachines.delete(GROUP, 'nobody'));
    expect(bench.lab.requests().at(-1)?.status).toBe(204);
  });
});

describe('etags', () => {
  it('let a change through for the current one only', async () => {
    const { etag = '' } = await bench.compute.virtualMachines.get(GROUP, 'vm1');
    const change = (ifMatch: string) =>
      bench.finish(bench.compute.virtualMachines.update(GROUP, 'vm1', { tags: { a: 'b' } }, { ifMatch }));
    await change(etag);
    expect(await refusalOf(change(etag))).toMatchObject({ status: 412, code: 'PreconditionFailed' });
  });

  it('keep a PUT from replacing what is there', async () => {
    const refusal = await refusalOf(
      bench.compute.virtualMachines.createOrUpdate(GROUP, 'vm1', rescueVm(nicIdOf('vm1')), {
        ifNoneMatch: '*',
      }),
    );
    expect(refusal).toMatchObject({ status: 412 });
  });
});

describe('catalogue', () => {
  it('lists image versions in order, the newest first when asked', async () => {
    const versions = await bench.compute.virtualMachineImages.list(
      location,
      SERVER_2022.publisher,
      SERVER_2022.offer,
      '2019-datacenter-smalldisk',
      {
        orderby: 'name desc',
        top: 1,
      },
    );
    expect(versions.map(({ name }) => name)).toEqual(['17763.6400.1']);
  });

  it('tells generation and features of an image', async () => {
    const image = await bench.compute.virtualMachineImages.get(
      location,
      SERVER_2022.publisher,
      SERVER_2022.offer,
      SERVER_2022.sku,
      '20348.2700.1',
    );
    expect(image).toMatchObject({ hyperVGeneration: 'V2', osDiskImage: { operatingSystem: 'Windows' } });
    expect(image.features).toContainEqual({ name: 'SecurityType', value: 'TrustedLaunchSupported' });
  });

  it('counts cores against the quota', async () => {
    const usages = [];
    for await (const usage of bench.compute.usage.list(location)) usages.push(usage);
    expect(usages.find(({ name }) => name.value === 'standardDSv5Family')).toMatchObject({
      currentValue: 2,
      limit: 100,
    });
  });
});
