import { ArmError } from '../arm/errors.ts';
import type { Context } from '../arm/context.ts';
import { groupOf, isWithin, nameOf, parseResourceId, resourceId, sameId } from '../arm/store/resource-id.ts';
import type { Resource, VirtualMachine } from '../arm/store/resources.ts';
import { allResources } from '../arm/store/store.ts';
import type { Somebody } from './somebody.ts';

/** What somebody sees who is about to do something. */
export interface Scene {
  azure: Somebody;
  context: Context;
  /** Id of the VM it is about, whether it is still there or not. */
  vmId: string;
}

/** The VM. @throws ArmError 404 */
export function vmOf({ context, vmId }: Scene): VirtualMachine {
  return context.store.virtualMachines.get(vmId);
}

/** Id of a resource in the VM's group. */
export function besideVm({ vmId }: Pick<Scene, 'vmId'>, type: string, name: string): string {
  if (name.startsWith('/')) return name;
  const { subscriptionId = '', resourceGroup = '' } = parseResourceId(vmId) ?? {};
  return resourceId(subscriptionId, resourceGroup, type, name);
}

export function osDiskIdOf(scene: Scene): string {
  return vmOf(scene).properties.storageProfile?.osDisk?.managedDisk?.id ?? '';
}

export function nicIdOf(scene: Scene): string {
  return vmOf(scene).properties.networkProfile?.networkInterfaces?.[0]?.id ?? '';
}

/** The group on the VM's NIC. @throws ArmError 404 without one: somebody may have taken it off */
export function nsgIdOf(scene: Scene): string {
  const nic = scene.context.store.networkInterfaces.get(nicIdOf(scene));
  const id = nic.properties.networkSecurityGroup?.id;
  if (id === undefined)
    throw new ArmError(
      404,
      'ResourceNotFound',
      `${nameOf(scene.vmId)} has no network security group on its NIC.`,
    );
  return id;
}

/**
 * Finds what a word of a deed means: `vm`, `disk` (its OS disk), `nic`, `nsg`, `group`, `role:<role>` (the newest resource
 * that a remediation made in its group), a resource's name, or an id.
 * @throws RangeError when there is none
 */
export function idOf(scene: Scene, what: string): string {
  const known = KNOWN[what];
  if (known) return known(scene);
  if (what.startsWith('/')) return what;
  const role = what.startsWith('role:') ? what.slice('role:'.length) : undefined;
  const fits = ({ id, name, tags }: Resource): boolean =>
    role === undefined
      ? name.toLowerCase() === what.toLowerCase()
      : tags?.['rdp-medic-role'] === role && isWithin(id, groupOf(scene.vmId));
  const found = allResources(scene.context.store).findLast(fits);
  if (!found) throw new RangeError(`There is no '${what}'.`);
  return found.id;
}

const KNOWN: Record<string, (scene: Scene) => string> = {
  vm: ({ vmId }) => vmId,
  disk: osDiskIdOf,
  nic: nicIdOf,
  nsg: nsgIdOf,
  group: ({ vmId }) => groupOf(vmId),
};

/** Whether a VM of that id, or that name anywhere, is there; its id as spelled. */
export function findVm({ store }: Context, nameOrId: string): string | undefined {
  return store.virtualMachines
    .within('/')
    .find(({ id, name }) => sameId(id, nameOrId) || name.toLowerCase() === nameOrId.toLowerCase())?.id;
}
