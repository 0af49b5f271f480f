import { MedicError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure, SubscriptionClients } from './clients.ts';
import { TAGS } from './made-resource.ts';
import { beginOperation, nothingToDo, type BeginOptions } from './operation.ts';
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

/** How a type of ours is asked for and deleted. */
interface Kind {
  provider: Operation['provider'];
  get(clients: SubscriptionClients, resourceGroup: string, name: string): Promise<unknown>;
  delete(
    clients: SubscriptionClients,
    resourceGroup: string,
    name: string,
    options: BeginOptions,
  ): ReturnType<Parameters<typeof beginOperation>[2]>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'microsoft.compute/virtualmachines': {
    provider: 'compute',
    get: ({ compute }, ...where) => compute.virtualMachines.get(...where),
    delete: ({ compute }, ...call) => compute.virtualMachines.delete(...call),
  },
  'microsoft.compute/disks': {
    provider: 'compute',
    get: ({ compute }, ...where) => compute.disks.get(...where),
    delete: ({ compute }, ...call) => compute.disks.delete(...call),
  },
  'microsoft.compute/snapshots': {
    provider: 'compute',
    get: ({ compute }, ...where) => compute.snapshots.get(...where),
    delete: ({ compute }, ...call) => compute.snapshots.delete(...call),
  },
  'microsoft.network/networkinterfaces': {
    provider: 'network',
    get: ({ network }, ...where) => network.networkInterfaces.get(...where),
    delete: ({ network }, ...call) => network.networkInterfaces.delete(...call),
  },
};

/**
 * Deletes one resource; nothing to do where it is gone.
 * @throws MedicError `Internal` for a type that a remediation does not make.
 */
export async function beginDeleteResource(azure: Azure, id: string): Promise<Operation> {
  const { vmId, runName } = RUN_COMMAND.exec(id)?.groups ?? {};
  if (vmId && runName) return beginRemoveRunCommand(azure, vmId, runName);
  const { subscriptionId, resourceGroup, type, name } = parseResourceId(id);
  const kind = KINDS[type.toLowerCase()];
  if (!kind) throw new MedicError('Internal', `A remediation makes no ${type}, so none is deleted: ${id}`);
  const clients = azure(subscriptionId);
  if (!(await armIfExists(() => kind.get(clients, resourceGroup, name))))
    return nothingToDo(subscriptionId, kind.provider);
  return beginOperation(subscriptionId, kind.provider, (options) =>
    kind.delete(clients, resourceGroup, name, options),
  );
}
