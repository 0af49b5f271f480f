import type { Disk } from '@azure/arm-compute';
import { MedicError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import { madeTypeSchema, type MadeType } from '../model/sweep.ts';
import { armIfExists } from './arm-error.ts';
import type { Azure, SubscriptionClients } from './clients.ts';
import { TAGS } from './made-resource.ts';
import { beginOperation, nothingToDo, type BeginOptions } from './operation.ts';
import { parseResourceId } from './resource-id.ts';
import { beginRemoveRunCommand } from './run-command.ts';

/** A resource as Azure shows it, with what uses it: `null` for nothing. */
export interface Seen {
  id?: string;
  name?: string;
  tags?: Record<string, string>;
  usedBy: string | null;
}

/** How a type of ours is listed, asked for and deleted. */
interface Kind {
  provider: Operation['provider'];
  list(clients: SubscriptionClients, resourceGroup: string): AsyncIterable<Shown>;
  get(clients: SubscriptionClients, resourceGroup: string, name: string): Promise<Shown>;
  userOf(shown: Shown): string | null;
  delete(
    clients: SubscriptionClients,
    resourceGroup: string,
    name: string,
    options: BeginOptions,
  ): ReturnType<Parameters<typeof beginOperation>[2]>;
}

/** What the types have in common, and what tells of each who uses it. */
type Shown = Omit<Seen, 'usedBy'> &
  Pick<Disk, 'managedBy' | 'managedByExtended' | 'diskState'> & {
    virtualMachine?: { id?: string };
    privateEndpoint?: { id?: string };
  };

const KINDS: Readonly<Record<MadeType, Kind>> = {
  'microsoft.compute/virtualmachines': {
    provider: 'compute',
    list: ({ compute }, resourceGroup) => compute.virtualMachines.list(resourceGroup),
    get: ({ compute }, ...where) => compute.virtualMachines.get(...where),
    // A VM that anybody else made is in use by its owner, whatever tags it carries.
    userOf: ({ tags }) => (tags?.[TAGS.role] === 'rescue-vm' ? null : 'its owner'),
    delete: ({ compute }, ...call) => compute.virtualMachines.delete(...call),
  },
  'microsoft.compute/disks': {
    provider: 'compute',
    list: ({ compute }, resourceGroup) => compute.disks.listByResourceGroup(resourceGroup),
    get: ({ compute }, ...where) => compute.disks.get(...where),
    userOf: userOfDisk,
    delete: ({ compute }, ...call) => compute.disks.delete(...call),
  },
  'microsoft.compute/snapshots': {
    provider: 'compute',
    list: ({ compute }, resourceGroup) => compute.snapshots.listByResourceGroup(resourceGroup),
    get: ({ compute }, ...where) => compute.snapshots.get(...where),
    userOf: () => null,
    delete: ({ compute }, ...call) => compute.snapshots.delete(...call),
  },
  'microsoft.network/networkinterfaces': {
    provider: 'network',
    list: ({ network }, resourceGroup) => network.networkInterfaces.list(resourceGroup),
    get: ({ network }, ...where) => network.networkInterfaces.get(...where),
    userOf: ({ virtualMachine, privateEndpoint }) => virtualMachine?.id ?? privateEndpoint?.id ?? null,
    delete: ({ network }, ...call) => network.networkInterfaces.delete(...call),
  },
};

/** Besides the VMs it is attached to: an export or upload, which the disk's state alone tells. */
function userOfDisk({ managedBy, managedByExtended, diskState }: Shown): string | null {
  const vm = managedBy ?? managedByExtended?.[0];
  if (vm !== undefined) return vm;
  return diskState === undefined || diskState === 'Unattached' ? null : `a disk in the state ${diskState}`;
}

/** Everything of a type in a resource group, whoever made it. */
export async function* listKind(
  azure: Azure,
  { subscriptionId, resourceGroup }: { subscriptionId: string; resourceGroup: string },
  type: MadeType,
): AsyncGenerator<Seen> {
  const kind = KINDS[type];
  for await (const shown of kind.list(await azure(subscriptionId), resourceGroup))
    yield { ...shown, usedBy: kind.userOf(shown) };
}

const RUN_COMMAND = /^(?<vmId>.+\/virtualMachines\/[^/]+)\/runCommands\/(?<runName>[^/]+)$/i;

/** A script on a VM: its VM and its name; `undefined` for anything else. */
function scriptOf(id: string): { vmId: string; runName: string } | undefined {
  const { vmId, runName } = RUN_COMMAND.exec(id)?.groups ?? {};
  return vmId && runName ? { vmId, runName } : undefined;
}

/** Reads one resource as it stands now; `undefined` where it is gone. @throws MedicError `Internal` for another type. */
export async function readKind(azure: Azure, id: string): Promise<Seen | undefined> {
  const { subscriptionId, resourceGroup, type, name } = parseResourceId(id);
  const clients = await azure(subscriptionId);
  const script = scriptOf(id);
  if (script) {
    const { runName } = script;
    const found = await armIfExists(() =>
      clients.compute.virtualMachineRunCommands.getByVirtualMachine(resourceGroup, name, runName),
    );
    return found && { ...found, usedBy: null };
  }
  const kind = kindOf(type, id);
  const shown = await armIfExists(() => kind.get(clients, resourceGroup, name));
  return shown && { ...shown, usedBy: kind.userOf(shown) };
}

/**
 * Deletes one resource; nothing to do where it is gone.
 * @throws MedicError `Internal` for a type that a remediation does not make.
 */
export async function beginDeleteResource(azure: Azure, id: string): Promise<Operation> {
  const script = scriptOf(id);
  if (script) return beginRemoveRunCommand(azure, script.vmId, script.runName);
  const { subscriptionId, resourceGroup, type, name } = parseResourceId(id);
  const kind = kindOf(type, id);
  if (!(await readKind(azure, id))) return nothingToDo(subscriptionId, kind.provider);
  const clients = await azure(subscriptionId);
  return beginOperation(subscriptionId, kind.provider, (options) =>
    kind.delete(clients, resourceGroup, name, options),
  );
}

function kindOf(type: string, id: string): Kind {
  const made = madeTypeSchema.safeParse(type.toLowerCase());
  if (!made.success)
    throw new MedicError('Internal', `A remediation does not create a ${type}, so it is not deleted: ${id}`);
  return KINDS[made.data];
}
