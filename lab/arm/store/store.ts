import { resourceGroupBeingDeleted, resourceGroupNotFound, resourceNotFound } from '../errors.ts';
import { groupId, groupOf, idKey, isWithin, nameOf, parseResourceId } from './resource-id.ts';
import type {
  Disk,
  Lock,
  ManagedRunCommand,
  NetworkInterface,
  NetworkSecurityGroup,
  PublicIpAddress,
  Resource,
  ResourceGroup,
  Schedule,
  Snapshot,
  VirtualMachine,
  VirtualNetwork,
} from './resources.ts';

/** All resources of one type, by id without regard to case. */
export interface Table<T extends Resource> {
  find(id: string): T | undefined;
  /** @throws ArmError 404 ResourceGroupNotFound or ResourceNotFound */
  get(id: string): T;
  put(resource: T): T;
  remove(id: string): void;
  /** Those within a scope, in the order they were made. */
  within(scope: string): T[];
}

/** The one store of the lab, split by resource type. */
export interface Store {
  resourceGroups: Table<ResourceGroup>;
  virtualMachines: Table<VirtualMachine>;
  disks: Table<Disk>;
  snapshots: Table<Snapshot>;
  runCommands: Table<ManagedRunCommand>;
  networkInterfaces: Table<NetworkInterface>;
  networkSecurityGroups: Table<NetworkSecurityGroup>;
  publicIpAddresses: Table<PublicIpAddress>;
  virtualNetworks: Table<VirtualNetwork>;
  locks: Table<Lock>;
  schedules: Table<Schedule>;
}

export function createStore(): Store {
  const resourceGroups = createTable<ResourceGroup>((id) => resourceGroupNotFound(nameOf(id)));

  /** A missing group explains a missing resource better than the resource's own name. */
  const missing = (id: string): Error => {
    const parsed = parseResourceId(id);
    if (!parsed) return resourceNotFound('', nameOf(id), '');
    const { subscriptionId, resourceGroup, type, names } = parsed;
    if (!resourceGroups.find(groupId(subscriptionId, resourceGroup)))
      return resourceGroupNotFound(resourceGroup);
    return resourceNotFound(type, names.join('/'), resourceGroup);
  };

  return {
    resourceGroups,
    virtualMachines: createTable(missing),
    disks: createTable(missing),
    snapshots: createTable(missing),
    runCommands: createTable(missing),
    networkInterfaces: createTable(missing),
    networkSecurityGroups: createTable(missing),
    publicIpAddresses: createTable(missing),
    virtualNetworks: createTable(missing),
    locks: createTable(missing),
    schedules: createTable(missing),
  };
}

/** Every resource but the groups themselves. */
export function allResources(store: Store): Resource[] {
  const { resourceGroups: _, ...tables } = store;
  return Object.values(tables).flatMap((table): Resource[] => table.within('/'));
}

/** Marks a change: the next etag differs. */
export function touch(resource: Resource): void {
  resource.revision += 1;
}

/**
 * Makes sure that the group a new resource goes to exists.
 * @throws ArmError 404 ResourceGroupNotFound, 409 ResourceGroupBeingDeleted
 */
export function requireGroup(store: Store, id: string): ResourceGroup {
  const group = store.resourceGroups.get(groupOf(id));
  if (group.provisioningState === 'Deleting') throw resourceGroupBeingDeleted(group.name);
  return group;
}

function createTable<T extends Resource>(missing: (id: string) => Error): Table<T> {
  const byKey = new Map<string, T>();
  return {
    find: (id) => byKey.get(idKey(id)),
    get(id) {
      const found = byKey.get(idKey(id));
      if (!found) throw missing(id);
      return found;
    },
    put(resource) {
      byKey.set(idKey(resource.id), resource);
      return resource;
    },
    remove: (id) => void byKey.delete(idKey(id)),
    within: (scope) => [...byKey.values()].filter((resource) => isWithin(resource.id, scope)),
  };
}
