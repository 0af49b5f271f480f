import type { Operation } from '../model/operation.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { TAGS } from './made-resource.ts';
import { beginOperation, nothingToDo } from './operation.ts';
import { parseResourceId } from './resource-id.ts';
import { beginRemoveRunCommand, listRunCommands } from './run-command.ts';

/** A resource that carries our tags. */
export interface MadeResource {
  id: string;
  role: string;
  remediationId: string;
  /** ISO 8601. */
  expiresAt: string;
}

interface Tagged {
  id?: string;
  tags?: Record<string, string>;
}

/**
 * Everything in a resource group, and every run command on these VMs, that a remediation made and that still stands:
 * found by tags, never by guessed names.
 */
export async function listMadeResources(
  azure: Azure,
  subscriptionId: string,
  resourceGroup: string,
  vmIds: readonly string[],
): Promise<MadeResource[]> {
  const { compute, network } = azure(subscriptionId);
  const found: MadeResource[] = [];
  const collect = async (resources: AsyncIterable<Tagged> | Tagged[]): Promise<void> => {
    for await (const { id, tags } of resources) {
      const remediationId = tags?.[TAGS.remediation];
      if (id && remediationId)
        found.push({ id, remediationId, role: tags[TAGS.role] ?? '', expiresAt: tags[TAGS.expires] ?? '' });
    }
  };
  await arm(async () => {
    await collect(compute.virtualMachines.list(resourceGroup));
    await collect(network.networkInterfaces.list(resourceGroup));
    await collect(compute.disks.listByResourceGroup(resourceGroup));
    await collect(compute.snapshots.listByResourceGroup(resourceGroup));
  });
  for (const vmId of vmIds) await collect(await listRunCommands(azure, vmId));
  return found;
}

const RUN_COMMAND = /^(?<vmId>.+\/virtualMachines\/[^/]+)\/runCommands\/(?<runName>[^/]+)$/i;

/** Deletes one resource; nothing to do where it is gone. */
export async function beginDeleteResource(azure: Azure, id: string): Promise<Operation> {
  const { vmId, runName } = RUN_COMMAND.exec(id)?.groups ?? {};
  if (vmId && runName) return beginRemoveRunCommand(azure, vmId, runName);
  const { subscriptionId, resourceGroup, type, name } = parseResourceId(id);
  const { compute, network } = azure(subscriptionId);
  switch (type.toLowerCase()) {
    case 'microsoft.compute/virtualmachines': {
      if (!(await armIfExists(() => compute.virtualMachines.get(resourceGroup, name))))
        return nothingToDo(subscriptionId);
      return beginOperation(subscriptionId, 'compute', (options) =>
        compute.virtualMachines.delete(resourceGroup, name, options),
      );
    }
    case 'microsoft.compute/disks': {
      if (!(await armIfExists(() => compute.disks.get(resourceGroup, name))))
        return nothingToDo(subscriptionId);
      return beginOperation(subscriptionId, 'compute', (options) =>
        compute.disks.delete(resourceGroup, name, options),
      );
    }
    case 'microsoft.compute/snapshots': {
      if (!(await armIfExists(() => compute.snapshots.get(resourceGroup, name))))
        return nothingToDo(subscriptionId);
      return beginOperation(subscriptionId, 'compute', (options) =>
        compute.snapshots.delete(resourceGroup, name, options),
      );
    }
    default: {
      if (!(await armIfExists(() => network.networkInterfaces.get(resourceGroup, name))))
        return nothingToDo(subscriptionId, 'network');
      return beginOperation(subscriptionId, 'network', (options) =>
        network.networkInterfaces.delete(resourceGroup, name, options),
      );
    }
  }
}
