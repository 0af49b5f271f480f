import type { Disk } from '@azure/arm-compute';
import { MedicError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import { instanceIdOf, instanceOfRemediation } from '../model/remediation-id.ts';
import type { Group, Sweepable } from '../model/sweep.ts';
import { armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { hasMadeName, TAGS } from './made-resource.ts';
import { beginDeleteResource } from './made-resources.ts';
import { nothingToDo } from './operation.ts';
import { parseResourceId, sameResource } from './resource-id.ts';
import { listRunCommands } from './run-command.ts';

interface Seen {
  id?: string;
  name?: string;
  tags?: Record<string, string>;
  usedBy: string | null;
}

/**
 * Everything with our tags in a resource group, run commands on its VMs and the groups of their OS disks included:
 * found by tags, to be judged by `shared/repair/sweep.ts`. Nothing where the group is gone.
 */
export async function listSweepable(azure: Azure, group: Group): Promise<Sweepable[]> {
  const { seen, vms } = (await armIfExists(() => look(azure, group))) ?? { seen: [], vms: new Set() };
  return seen.flatMap(({ id, name, tags = {}, usedBy }) => {
    const remediationId = tags[TAGS.remediation];
    if (!id || !name || !remediationId) return [];
    return {
      id,
      remediationId,
      role: tags[TAGS.role] ?? '',
      expiresAt: tags[TAGS.expires] ?? '',
      usedBy,
      ownName: hasMadeName(name, remediationId),
      vmExists: vms.has(instanceOfRemediation(remediationId) ?? ''),
    };
  });
}

async function look(
  azure: Azure,
  { subscriptionId, resourceGroup, vmIds }: Group,
): Promise<{ seen: Seen[]; vms: ReadonlySet<string> }> {
  const { compute, network } = azure(subscriptionId);
  const seen: Seen[] = [];
  const vms = new Set<string>();
  // Snapshots and copies are made beside the disk, wherever its VM is.
  const diskGroups = new Set([resourceGroup.toLowerCase()]);
  const remediated = new Set(vmIds.map(instanceIdOf));
  for await (const vm of compute.virtualMachines.list(resourceGroup)) {
    // A VM that anybody else made is in use by its owner, whatever tags it carries.
    const usedBy = vm.tags?.[TAGS.role] === 'rescue-vm' ? null : 'its owner';
    seen.push({ ...vm, usedBy });
    if (!vm.id) continue;
    const instance = instanceIdOf(vm.id.toLowerCase());
    vms.add(instance);
    if (!remediated.has(instance)) continue;
    const disk = vm.storageProfile?.osDisk?.managedDisk?.id;
    if (disk) diskGroups.add(parseResourceId(disk).resourceGroup.toLowerCase());
    for (const command of await listRunCommands(azure, vm.id)) seen.push({ ...command, usedBy: null });
  }
  for await (const nic of network.networkInterfaces.list(resourceGroup))
    seen.push({ ...nic, usedBy: nic.virtualMachine?.id ?? nic.privateEndpoint?.id ?? null });
  for (const diskGroup of diskGroups) {
    for await (const disk of compute.disks.listByResourceGroup(diskGroup))
      seen.push({ ...disk, usedBy: userOf(disk) });
    for await (const snapshot of compute.snapshots.listByResourceGroup(diskGroup))
      seen.push({ ...snapshot, usedBy: null });
  }
  return { seen, vms };
}

/** Besides the VMs it is attached to: an export or upload, which the disk's state alone tells. */
function userOf({ managedBy, managedByExtended, diskState }: Disk): string | null {
  const vm = managedBy ?? managedByExtended?.[0];
  if (vm !== undefined) return vm;
  return diskState === undefined || diskState === 'Unattached' ? null : `a disk in the state ${diskState}`;
}

/**
 * Deletes a swept resource, having listed it once more: since it was judged it may have been attached, or its tags
 * taken off. Azure itself refuses the deletion of a disk or a NIC that is attached in between.
 * @throws MedicError `AzureRefused` where it is not what it was.
 */
export async function beginSweep(azure: Azure, id: string, remediationId: string): Promise<Operation> {
  const parent = parseResourceId(id);
  const [vmId] = /^.+\/virtualMachines\/[^/]+(?=\/runCommands\/)/i.exec(id) ?? [];
  const group = { ...parent, vmIds: vmId === undefined ? [] : [vmId.toLowerCase()] };
  const listed = await listSweepable(azure, group);
  const found = listed.find((resource) => sameResource(resource.id, id));
  // Gone, or ours no longer.
  if (found?.remediationId !== remediationId) return nothingToDo(group.subscriptionId);
  if (found.usedBy !== null)
    throw new MedicError('AzureRefused', `It was taken into use by ${found.usedBy} a moment ago.`);
  return beginDeleteResource(azure, id);
}
