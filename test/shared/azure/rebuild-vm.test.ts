import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { inspectVm } from '../../../shared/azure/inspect-vm.ts';
import { beginDeleteVm, beginDetachOnDelete, beginRecreateVm } from '../../../shared/azure/rebuild-vm.ts';
import { readVmDefinition } from '../../../shared/azure/vm-definition.ts';
import { preflight } from '../../../shared/repair/preflight.ts';
import { remediationRequestSchema } from '../../../shared/model/request.ts';
import { emptyDisk } from '../../../lab/arm/compute/empty-disk.ts';
import { codeOf, startAzureBench, type AzureBench } from './bench.ts';

const SET = `${LAB_GROUP_ID}/providers/Microsoft.Compute/availabilitySets/web`;
const IDENTITY = `${LAB_GROUP_ID}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app`;

let bench: AzureBench;
let osDiskId: string;
beforeEach(async () => {
  bench = await startAzureBench({
    tags: { owner: 'finance' },
    licenseType: 'Windows_Server',
    osDiskCaching: 'ReadOnly',
    availabilitySetId: SET,
    deleteOptions: { osDisk: 'Delete', nic: 'Delete' },
    dataDisks: [
      { lun: 3, content: emptyDisk('data'), caching: 'ReadOnly', deleteOption: 'Delete' },
      { lun: 7, content: emptyDisk('logs') },
    ],
    extensions: [{ name: 'AMA', publisher: 'Microsoft.Azure.Monitor', type: 'Agent', version: '1.0' }],
  });
  Object.assign(bench.vm().properties, { userData: 'c2VjcmV0' });
  bench.vm().identity = {
    type: 'SystemAssigned, UserAssigned',
    userAssignedIdentities: { [IDENTITY]: { principalId: 'p', clientId: 'c' } },
  };
  osDiskId = (await bench.look()).osDiskId;
});
afterEach(() => bench.close());

const definition = async () => (await readVmDefinition(bench.acting.azure, bench.vmId)).definition;

describe('a VM that is built again', () => {
  it('is what it was, with its data disks, but for what was said to be lost', async () => {
    const before = structuredClone(bench.vm());
    const known = await definition();
    await bench.done(beginDetachOnDelete(bench.acting, await bench.deed('1-detach')));
    const remove = await bench.deed('2-delete');
    await bench.done(beginDeleteVm(bench.acting, remove));
    expect(bench.lab.store.virtualMachines.find(bench.vmId)).toBeUndefined();
    await bench.done(
      beginRecreateVm(
        bench.acting,
        { ...remove, intent: '3-recreate' },
        {
          definition: known,
          osDisk: { id: osDiskId, uniqueId: null },
          deletedBy: '2-delete',
        },
      ),
    );
    const after = bench.vm();
    expect(after.tags).toEqual({ owner: 'finance' });
    expect(after.properties).toMatchObject({
      licenseType: 'Windows_Server',
      userData: 'c2VjcmV0',
      availabilitySet: { id: SET },
      hardwareProfile: before.properties.hardwareProfile,
      storageProfile: { osDisk: { caching: 'ReadOnly', deleteOption: 'Detach' } },
    });
    expect(
      after.properties.storageProfile?.dataDisks?.map(({ lun, caching, managedDisk }) => [
        lun,
        caching,
        managedDisk?.id,
      ]),
    ).toEqual(
      before.properties.storageProfile?.dataDisks?.map(({ lun, caching, managedDisk }) => [
        lun,
        caching,
        managedDisk?.id,
      ]),
    );
    expect(after.identity).toEqual({
      type: 'SystemAssigned, UserAssigned',
      userAssignedIdentities: { [IDENTITY]: {} },
    });
  });

  it('is not deleted while something would be deleted with it', async () => {
    expect(await codeOf(beginDeleteVm(bench.acting, await bench.deed('1-delete')))).toBe('AzureRefused');
    await bench.done(beginDetachOnDelete(bench.acting, await bench.deed('2-detach')));
    const { storageProfile, networkProfile } = bench.vm().properties;
    expect(
      [storageProfile?.osDisk, ...(storageProfile?.dataDisks ?? [])].map((one) => one?.deleteOption),
    ).toEqual(['Detach', 'Detach', 'Detach']);
    expect(networkProfile?.networkInterfaces?.[0]?.properties?.deleteOption).toBe('Detach');
  });

  it('is not made where somebody else deleted it, nor over another that was made', async () => {
    const deed = await bench.deed('3-recreate');
    const how = {
      definition: await definition(),
      osDisk: { id: osDiskId, uniqueId: null },
      deletedBy: '2-delete',
    };
    expect(await codeOf(beginRecreateVm(bench.acting, deed, how))).toBe('Moved');
    await bench.finish(bench.compute.virtualMachines.delete('rg-fleet', 'web'));
    expect(await codeOf(beginRecreateVm(bench.acting, deed, how))).toBe('VmNotFound');
    expect(await codeOf(beginDeleteVm(bench.acting, deed))).toBe('VmNotFound');
  });

  it('is refused beforehand where the request does not accept each loss by its name', async () => {
    const vm = await inspectVm(bench.acting.azure, bench.vmId);
    expect(vm.rebuildLosses).toEqual([
      'vm-id',
      'system-assigned-identity',
      'os-profile',
      'extensions',
      'delete-options',
      'placement',
    ]);
    const codes = (options: object): string[] =>
      preflight(
        vm,
        remediationRequestSchema.parse({ vmId: bench.vmId, source: { kind: 'manual' }, options }),
        {
          peerAccount: false,
          takeDown: 'deallocate',
          rehearse: 'always',
          rescueSubnetId: null,
          rescueGroup: null,
        },
        {
          rights: {
            always: { missing: [], denied: [], unread: [] },
            offline: { missing: [], denied: [], unread: [] },
          },
          policies: { assignments: [] },
        },
      ).offlineBlockers.map(({ code }) => code);
    expect(codes({ restoreWay: 'swap' })).toEqual([]);
    expect(codes({ restoreWay: 'rebuild', acceptLosses: vm.rebuildLosses })).toEqual([]);
    expect(codes({ restoreWay: 'rebuild', acceptLosses: vm.rebuildLosses.slice(1) })).toEqual([
      'LossesNotAccepted',
    ]);
  });
});
