import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import type { VmSpec } from '../../../lab/arm/vm-spec.ts';
import { bring } from './support/ask.ts';
import { startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

/** Deletes a VM and makes it again around its disk, with something different in its body. */
async function madeAgain(spec: Partial<VmSpec>, properties: object, top: object = {}) {
  await bench.lab.addVm(windowsVm('vm1', { power: 'deallocated', ...spec }));
  const vm = bench.lab.vm('vm1');
  const body = structuredClone(vm);
  await bring(bench, 'DELETE', vm.id);
  const { osProfile: _o, storageProfile, ...rest } = body.properties;
  const { imageReference: _i, osDisk, ...storage } = storageProfile ?? {};
  return bring(bench, 'PUT', vm.id, {
    location: body.location,
    ...(body.zones && { zones: body.zones }),
    ...top,
    properties: {
      ...rest,
      storageProfile: {
        ...storage,
        osDisk: { createOption: 'Attach', osType: 'Windows', managedDisk: { id: osDisk?.managedDisk?.id } },
      },
      ...properties,
    },
  });
}

const OFFER = { name: 'byol', publisher: 'contoso', product: 'windows' };
const PRIMARY_MISSING = { networkProfile: { networkInterfaces: [nic('vm1-nic'), nic('vm1-back')] } };
function nic(name: string): object {
  return { id: `${LAB_GROUP_ID}/providers/Microsoft.Network/networkInterfaces/${name}` };
}

it.each<[string, Partial<VmSpec>, object, string]>([
  [
    'an Arm64 disk under an x64 size',
    { osDiskSettings: { supportedCapabilities: { architecture: 'Arm64' } } },
    {},
    'InvalidParameter',
  ],
  [
    'an NVMe size without saying so',
    {},
    { hardwareProfile: { vmSize: 'Standard_D2s_v6' } },
    'InvalidParameter',
  ],
  [
    'two cards of which none is primary',
    { otherNics: [{ name: 'back' }] },
    PRIMARY_MISSING,
    'NetworkInterfaceMustHavePrimaryPropertySet',
  ],
  [
    'a marketplace disk without its plan',
    { osDiskSettings: { purchasePlan: OFFER } },
    {},
    'VMMarketplaceInvalidInput',
  ],
  [
    'a Spot VM in an availability set',
    {},
    {
      priority: 'Spot',
      availabilitySet: { id: `${LAB_GROUP_ID}/providers/Microsoft.Compute/availabilitySets/a` },
    },
    'BadRequest',
  ],
  [
    'hibernation on a disk that cannot',
    {},
    { additionalCapabilities: { hibernationEnabled: true } },
    'OperationNotAllowed',
  ],
])('refuses %s', async (_what, spec, properties, code) => {
  expect(await madeAgain(spec, properties)).toMatchObject({ status: 400, code });
});

it('lets through what fits', async () => {
  const { status } = await madeAgain({ osDiskSettings: { purchasePlan: OFFER } }, {}, { plan: OFFER });
  expect(status).toBe(201);
});

it('swaps no disk with another controller, or of another encryption set', async () => {
  await bench.lab.addVm(
    windowsVm('vm1', { power: 'deallocated', size: 'Standard_D2s_v6', diskController: 'NVMe' }),
  );
  await bench.lab.addVm(windowsVm('other', { power: 'deallocated' }));
  const swap = () => {
    const disk = bench.lab.disk('other-osdisk');
    delete disk.managedBy;
    return bring(bench, 'PATCH', bench.lab.vm('vm1').id, {
      properties: { storageProfile: { osDisk: { name: disk.name, managedDisk: { id: disk.id } } } },
    });
  };
  expect(await swap()).toMatchObject({ status: 409, code: 'PropertyChangeNotAllowed' });
  const { properties } = bench.lab.disk('other-osdisk');
  properties.supportedCapabilities = { diskControllerTypes: 'SCSI, NVMe', architecture: 'x64' };
  properties.encryption = {
    type: 'EncryptionAtRestWithCustomerKey',
    diskEncryptionSetId: `${LAB_GROUP_ID}/providers/Microsoft.Compute/diskEncryptionSets/own-key`,
  };
  expect(await swap()).toMatchObject({ status: 409, code: 'OperationNotAllowed' });
});
