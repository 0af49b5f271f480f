import { MedicError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import { instanceIdOf } from '../model/remediation-id.ts';
import type { SeenVms, Tagged } from '../model/sweep.ts';
import { armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { beginDeleteResource, readKind } from './made-kinds.ts';
import { TAGS } from './made-resource.ts';
import { taggedOf } from './made-resources.ts';
import { nothingToDo } from './operation.ts';
import { beginReleaseDisk } from './os-disk.ts';
import { parseResourceId, sameResource } from './resource-id.ts';

/** The VMs of a resource group, with the OS disks of those that no remediation made. */
export async function listVms(
  azure: Azure,
  { subscriptionId, resourceGroup }: { subscriptionId: string; resourceGroup: string },
): Promise<SeenVms> {
  const vms: SeenVms['vms'] = [];
  await armIfExists(async () => {
    for await (const { id, tags, storageProfile } of (
      await azure(subscriptionId)
    ).compute.virtualMachines.list(resourceGroup)) {
      if (!id) continue;
      const osDiskId = storageProfile?.osDisk?.managedDisk?.id?.toLowerCase() ?? null;
      vms.push({
        instanceId: instanceIdOf(id.toLowerCase()),
        osDiskId: tags?.[TAGS.role] === 'rescue-vm' ? null : osDiskId,
      });
    }
  });
  return { vms };
}

/** What was judged, to be looked at once more. */
type Judged = Pick<Tagged, 'id' | 'remediationId' | 'role'>;

/** The resource as it stands now; `undefined` where it is gone, or not what was judged any more. */
async function lookOnceMore(azure: Azure, deployment: string, judged: Judged): Promise<Tagged | undefined> {
  const seen = await readKind(azure, judged.id);
  const [tagged] = seen ? taggedOf(seen, deployment) : [];
  const same = tagged?.remediationId === judged.remediationId && tagged.role === judged.role;
  return same ? tagged : undefined;
}

/**
 * Deletes a swept resource, having looked at it once more: since it was judged it may have been attached, or its tags taken off or
 * written anew by the next remediation. Azure itself refuses the deletion of a disk or a NIC that is attached in between.
 * @throws MedicError `AzureRefused` where it is in use by now.
 */
export async function beginSweep(azure: Azure, deployment: string, judged: Judged): Promise<Operation> {
  const found = await lookOnceMore(azure, deployment, judged);
  if (!found) return nothingToDo(parseResourceId(judged.id).subscriptionId);
  if (found.usedBy !== null)
    throw new MedicError('AzureRefused', `${found.usedBy} has just started using it.`);
  return beginDeleteResource(azure, judged.id);
}

/** Takes the tags off a disk from which a VM boots, if it still does. */
export async function beginRelease(azure: Azure, deployment: string, judged: Judged): Promise<Operation> {
  const found = await lookOnceMore(azure, deployment, judged);
  const vm = found?.usedBy?.startsWith('/') ? parseResourceId(found.usedBy) : undefined;
  const nothing = nothingToDo(parseResourceId(judged.id).subscriptionId);
  if (!vm) return nothing;
  const { compute } = await azure(vm.subscriptionId);
  const user = await armIfExists(() => compute.virtualMachines.get(vm.resourceGroup, vm.name));
  if (!sameResource(user?.storageProfile?.osDisk?.managedDisk?.id, judged.id)) return nothing;
  return beginReleaseDisk(azure, judged.id, { deployment, remediationId: judged.remediationId });
}
