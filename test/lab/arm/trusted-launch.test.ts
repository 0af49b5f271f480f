import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { bring } from './support/ask.ts';
import { startBench, windowsVm, type Bench } from './support/lab.ts';

const COMPUTE = `${LAB_GROUP_ID}/providers/Microsoft.Compute`;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1', { securityType: 'TrustedLaunch', power: 'deallocated' }));
  await bench.lab.addVm(windowsVm('plain', { power: 'deallocated' }));
});
afterEach(() => bench.close());

/** The body of a copy of a VM's OS disk. */
const copyOf = (vm: string, more: object = {}): object => ({
  location: 'westeurope',
  properties: {
    creationData: { createOption: 'Copy', sourceResourceId: bench.lab.disk(`${vm}-osdisk`).id },
    ...more,
  },
});

describe('a copy of a disk with Trusted Launch', () => {
  it.each(['TrustedLaunch', 'ConfidentialVM_VMGuestStateOnlyEncryptedWithPlatformKey'])(
    'is refused where its request names %s',
    async (securityType) => {
      const body = copyOf('vm1', { securityProfile: { securityType } });
      const refusal = await bring(bench, 'PUT', `${COMPUTE}/disks/copy`, body);
      expect(refusal).toMatchObject({ status: 400, code: 'BadRequest' });
      expect(refusal.message).toBe(
        `Security Type '${securityType}' is not supported for CreateOption 'Copy'. Supported create options are FromImage, Import, ImportSecure, UploadPreparedSecure.`,
      );
      expect(bench.lab.resources().map(({ name }) => name)).not.toContain('copy');
    },
  );

  it('has the type of its source, over a snapshot too, where the request leaves it out', async () => {
    await bring(bench, 'PUT', `${COMPUTE}/snapshots/s`, copyOf('vm1'));
    expect(bench.lab.snapshot('s').properties.securityProfile).toEqual({ securityType: 'TrustedLaunch' });
    await bring(bench, 'PUT', `${COMPUTE}/disks/copy`, {
      location: 'westeurope',
      properties: {
        creationData: { createOption: 'Copy', sourceResourceId: bench.lab.snapshot('s').id },
      },
    });
    expect(bench.lab.disk('copy').properties.securityProfile).toEqual({ securityType: 'TrustedLaunch' });
  });
});

describe('an OS disk of another security type than the VM', () => {
  const MISFIT = {
    status: 400,
    code: 'BadRequest',
    message: 'Security type of VM is not compatible with the security type of attached OS Disk.',
  };

  it('is not swapped in', async () => {
    await bring(bench, 'PUT', `${COMPUTE}/disks/copy`, copyOf('plain'));
    const osDisk = {
      createOption: 'FromImage',
      name: 'copy',
      managedDisk: { id: bench.lab.disk('copy').id },
    };
    const refusal = await bring(bench, 'PATCH', `${COMPUTE}/virtualMachines/vm1`, {
      properties: { storageProfile: { osDisk } },
    });
    expect(refusal).toMatchObject(MISFIT);
    expect(bench.lab.vm('vm1').properties.storageProfile?.osDisk?.name).toBe('vm1-osdisk');
  });

  it.each([
    ['of Trusted Launch under a plain VM', 'vm1', undefined],
    ['of a plain VM under one with Trusted Launch', 'plain', { securityType: 'TrustedLaunch' }],
  ])('makes no VM: a disk %s', async (_case, source, securityProfile) => {
    await bring(bench, 'PUT', `${COMPUTE}/disks/copy`, copyOf(source));
    await bring(bench, 'DELETE', `${COMPUTE}/virtualMachines/vm1`);
    const refusal = await bring(bench, 'PUT', `${COMPUTE}/virtualMachines/again`, {
      location: 'westeurope',
      properties: {
        hardwareProfile: { vmSize: 'Standard_D2s_v5' },
        ...(securityProfile && { securityProfile }),
        storageProfile: {
          osDisk: {
            createOption: 'Attach',
            osType: 'Windows',
            managedDisk: { id: bench.lab.disk('copy').id },
          },
        },
        networkProfile: {
          networkInterfaces: [
            { id: `${LAB_GROUP_ID}/providers/Microsoft.Network/networkInterfaces/vm1-nic` },
          ],
        },
      },
    });
    expect(refusal).toMatchObject(MISFIT);
  });
});
