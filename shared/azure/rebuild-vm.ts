import type { VirtualMachine } from '@azure/arm-compute';
import { MedicError } from '../errors.ts';
import type { Deed } from '../model/expected.ts';
import type { Operation } from '../model/operation.ts';
import type { VmDefinition } from '../model/rebuild.ts';
import type { Needed } from '../model/rights.ts';
import type { Azure } from './clients.ts';
import { rightsOfRebuild } from './rebuild-rights.ts';
import { readRights } from './rights.ts';
import { waitedOut } from './arm-error.ts';
import {
  compareThenAct,
  gone,
  movedError,
  readStanding,
  requireThatDisk,
  sameAsRead,
  type Acting,
  type WantedDisk,
} from './compare.ts';
import { requireVmId } from './inspect-vm.ts';
import { takesAlong } from './losses.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { sameResource } from './resource-id.ts';
import { around } from './vm-definition.ts';

/**
 * Sets `deleteOption` to Detach on the OS disk, data disks and NICs: with Delete the data would go with the VM
 * (learn.microsoft.com, "Delete a VM and attached resources"). Must have ended before `beginDeleteVm`.
 */
export function beginDetachOnDelete(acting: Acting, deed: Deed): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(deed.vmId);
  return compareThenAct(acting, deed, { kind: 'detach-on-delete', settled: true }, async ({ vm }) => {
    if (!takesAlong(vm)) return nothingToDo(subscriptionId);
    const { storageProfile, networkProfile } = vm;
    const { dataDisks = [], osDisk } = storageProfile ?? {};
    const nics = networkProfile?.networkInterfaces ?? [];
    const { compute } = await acting.azure(subscriptionId);
    return beginOperation(subscriptionId, 'compute', (options) =>
      compute.virtualMachines.update(
        resourceGroup,
        name,
        {
          storageProfile: {
            ...(osDisk && { osDisk: { ...osDisk, deleteOption: 'Detach' as const } }),
            // The whole list: a disk that was attached since it was read would be detached by it, hence the ETag.
            dataDisks: dataDisks.map((disk) => ({ ...disk, deleteOption: 'Detach' })),
          },
          networkProfile: { networkInterfaces: nics.map((nic) => ({ ...nic, deleteOption: 'Detach' })) },
        },
        { ...options, ...sameAsRead(vm) },
      ),
    );
  });
}

/** Deletes the VM resource; its disks and network cards stay. @throws MedicError `AccessDenied` where it could not be made again. */
export function beginDeleteVm(acting: Acting, deed: Deed): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(deed.vmId);
  return compareUnlessDeleted(acting, deed, async (vm) => {
    await requireRightsToMake(acting.azure, deed.vmId, vm);
    const { compute } = await acting.azure(subscriptionId);
    return beginOperation(subscriptionId, 'compute', (options) =>
      compute.virtualMachines.delete(resourceGroup, name, options),
    );
  });
}

/** Asked right before: whoever took a right away meanwhile would have us delete a VM that could not be made again. */
async function requireRightsToMake(azure: Azure, vmId: string, vm: VirtualMachine): Promise<void> {
  const { storageProfile, networkProfile } = vm;
  const disks = [storageProfile?.osDisk, ...(storageProfile?.dataDisks ?? [])];
  const on = (action: string, ids: readonly (string | undefined)[]): Needed[] =>
    ids.flatMap((scope) => (scope === undefined ? [] : [{ scope, actions: [action] }]));
  const always = [
    ...on('Microsoft.Compute/virtualMachines/write', [vmId]),
    ...on(
      'Microsoft.Compute/disks/write',
      disks.map((disk) => disk?.managedDisk?.id),
    ),
    ...on(
      'Microsoft.Network/networkInterfaces/join/action',
      (networkProfile?.networkInterfaces ?? []).map(({ id }) => id),
    ),
    ...rightsOfRebuild(vm),
  ];
  const rights = await readRights(azure, { always, offline: [] });
  const [lacking] = [...rights.always.missing, ...rights.always.denied];
  if (lacking)
    throw new MedicError(
      'AccessDenied',
      `The right ${lacking.action} on ${lacking.scope} was taken away, without which ${requireVmId(vmId).name} could not be made again; it was not deleted.`,
    );
}

async function compareUnlessDeleted(
  acting: Acting,
  deed: Deed,
  write: (vm: VirtualMachine) => Promise<Operation>,
): Promise<Operation> {
  const { vmId, remediationId, intent } = deed;
  try {
    return await compareThenAct(
      acting,
      deed,
      { kind: 'delete-vm', settled: true, reserved: true },
      ({ vm }) => {
        // Read back before the deletion: a `deleteOption` of Delete would take the data along.
        if (takesAlong(vm))
          throw new MedicError(
            'AzureRefused',
            'A disk or network interface would be deleted with the VM, so the VM was not deleted.',
          );
        return write(vm);
      },
    );
  } catch (error) {
    const isGone = error instanceof MedicError && error.code === 'VmNotFound';
    if (isGone && (await acting.intents.has(remediationId, intent)))
      return nothingToDo(requireVmId(vmId).subscriptionId);
    throw error;
  }
}

/**
 * Makes the VM again from its definition around another OS disk.
 * @param deletedBy the intent by which this repair deleted it: a VM that somebody else deleted is never made again
 * @throws MedicError `VmNotFound` for that one, `Moved` where somebody else made a VM of its name.
 */
export async function beginRecreateVm(
  { azure, intents }: Acting,
  { vmId, remediationId, intent, expected }: Deed,
  { definition, osDisk, deletedBy }: { definition: VmDefinition; osDisk: WantedDisk; deletedBy: string },
): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const { id: osDiskId } = osDisk;
  const existing = await readStanding(azure, vmId);
  if (existing) {
    requireSettled(existing.vm);
    const onDisk = sameResource(existing.now.osDiskId, osDiskId);
    if (onDisk && (await intents.has(remediationId, intent))) return nothingToDo(subscriptionId);
    throw movedError(vmId, ['a VM with its name was created']);
  }
  if (!(await intents.has(remediationId, deletedBy))) throw gone(vmId);
  await requireThatDisk(azure, vmId, osDisk);
  await intents.begin(remediationId, intent, { vmId, expected, osDiskId });
  const { compute } = await azure(subscriptionId);
  try {
    return await beginOperation(subscriptionId, 'compute', (options) =>
      compute.virtualMachines.createOrUpdate(resourceGroup, name, around(definition, osDiskId), {
        ...options,
        ifNoneMatch: '*',
      }),
    );
  } catch (error) {
    throw waitedOut(error);
  }
}
