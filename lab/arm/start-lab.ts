import type { Clock } from '../../shared/clock.ts';
import { createActorList, type ActorList } from '../actors/actor-list.ts';
import { createFaultList, type FaultList } from '../faults/fault-list.ts';
import type { Guest, GuestFactory } from '../windows/guest.ts';
import { createAuthority } from './access/authority.ts';
import { startIdentity, type IdentityEndpoint } from './access/identity.ts';
import { createComputeLimiter } from './access/compute-limits.ts';
import { AZURE_RATE_LIMITS, createRateLimiter, type RateLimits } from './access/rate-limit.ts';
import { createRoles, readRoleDefinition, type RoleDefinition } from './access/roles.ts';
import { DEFAULT_BEHAVIOUR, type Behaviour } from './behaviour.ts';
import { createActivityLog, type Activity } from './activity/activity-log.ts';
import { addVm } from './build/add-vm.ts';
import { addLock, ensureGroup } from './build/scopes.ts';
import { createCatalogue, type Catalogue } from './compute/catalogue.ts';
import { createMachines } from './compute/machines.ts';
import type { Context } from './context.ts';
import { takeAddressBlock } from './network/addresses.ts';
import { createOperations, type Operations } from './operations.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import { createRequestLog, type LoggedRequest } from './request-log.ts';
import { startServer } from './server.ts';
import { createIds } from './store/ids.ts';
import { groupId, resourceId } from './store/resource-id.ts';
import type { Disk, Resource, Snapshot, VirtualMachine } from './store/resources.ts';
import { allResources, createStore, type Store } from './store/store.ts';
import type { LabState } from './store/state.ts';
import { resume, save } from './save.ts';
import type { ImageSpec, LockLevel, VmSpec } from './vm-spec.ts';

export const LAB_SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';
export const LAB_RESOURCE_GROUP = 'rg-fleet';
const LAB_LOCATION = 'westeurope';

/** Id of the fleet's resource group. */
export const LAB_GROUP_ID = groupId(LAB_SUBSCRIPTION, LAB_RESOURCE_GROUP);

/** An administrator's workplace out in the Internet, from the documentation range (RFC 5737). */
const DEFAULT_PROBE_SOURCE = '198.51.100.7';

export interface LabOptions {
  clock: Clock;
  /** Makes the Windows inside the VMs. Without it VMs have an agent and run nothing. */
  guests?: GuestFactory;
  /** Fills the lab before it is handed over. */
  fleet?: (lab: Lab) => void | Promise<void>;
  /** `azure` (default): the published limits of ARM and of Compute; `off`: none; or others of ARM. */
  rateLimits?: 'azure' | 'off' | RateLimits;
  /** The role of the service's identity; default the one in `infra/role-definition.json`. */
  role?: RoleDefinition;
  /** Switches where Azure's behaviour is unsure. */
  behaviour?: Partial<Behaviour>;
  /** Where the role is assigned; default the fleet's group, as the README of the service has it. */
  assignedScopes?: string[];
  /** The address the service probes from, as the NSGs see it. */
  probeSource?: string;
  /** Port of the ARM endpoint on 127.0.0.1; default a free one. */
  port?: number;
  /** What `save()` of another lab gave: this one goes on from there. */
  state?: LabState;
  /** Gets one line for each call. */
  log?: (line: string) => void;
  /** How many of the newest calls are kept for `requests()`; 20,000 unless given. */
  keptRequests?: number;
}

/** A simulated Azure, running. */
export interface Lab {
  /** ARM endpoint, `https://127.0.0.1:{port}`. */
  url: string;
  /** The CA clients must trust. */
  caPem: string;
  /** Managed identity endpoint, for `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`. */
  identity: IdentityEndpoint;
  clock: Clock;
  subscriptionId: string;
  /** First two octets of all its addresses. */
  addressPrefix: string;
  faults: FaultList;
  /** Whoever else acts on the same Azure. */
  actors: ActorList;
  catalogue: Catalogue;
  operations: Operations;
  /** The switches, which may be thrown while it runs. */
  behaviour: Behaviour;
  store: Store;
  addVm(spec: VmSpec): Promise<VirtualMachine>;
  addImage(...images: ImageSpec[]): void;
  addResourceGroup(name: string): void;
  addLock(scope: string, name: string, level: LockLevel): void;
  /** What governs it beside locks and the role: policies that deny, deny assignments, keys that are disabled; filled by whoever plays. */
  governance: Pick<Context, 'denials' | 'denyAssignments' | 'disabledKeys'>;
  /** By name in the fleet's group, or by id. @throws ArmError 404 */
  vm(nameOrId: string): VirtualMachine;
  disk(nameOrId: string): Disk;
  snapshot(nameOrId: string): Snapshot;
  guest(vmNameOrId: string): Guest | undefined;
  /** Everything there is, resource groups apart. */
  resources(): Pick<Resource, 'id' | 'name' | 'type' | 'tags'>[];
  isReachable(vmNameOrId: string, source: string, port: number): boolean;
  requests(): readonly LoggedRequest[];
  /** Every change anybody asked for, with who it was and what became of it; `requests` are the service's alone. */
  activity(): readonly Activity[];
  /** Azure actions that were asked for and granted, those on referenced resources included. */
  usedActions(): ReadonlySet<string>;
  /** Changes what the role of the service's identity allows, wherever it is assigned. */
  redefineRole(permissions: Pick<RoleDefinition, 'Actions' | 'NotActions'>): void;
  /**
   * Everything there is, as plain JSON for `startLab({ state })`.
   * @throws Error while operations run
   */
  save(): LabState;
  /** Breaks the connection of every call that waits for its answer, as when the service dies. */
  hangUp(): void;
  close(): Promise<void>;
}

/** Starts a lab on loopback. @throws Error when no address block is free */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { clock, guests, fleet, state, rateLimits = 'azure', probeSource = DEFAULT_PROBE_SOURCE } = options;
  const home = { subscriptionId: LAB_SUBSCRIPTION, resourceGroup: LAB_RESOURCE_GROUP };
  const role = options.role ?? readRoleDefinition();
  const [authority, identity, addresses] = await Promise.all([
    createAuthority(),
    startIdentity(),
    takeAddressBlock(state?.addressesGiven),
  ]);
  const store = createStore();
  const newId = createIds(state ? `lab ${String(clock.now())}` : 'lab');
  const operations = createOperations(clock, createIds('operations'));
  const behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
  const scopes = options.assignedScopes ?? [LAB_GROUP_ID];
  const context: Context = {
    clock,
    store,
    operations,
    machines: createMachines({ clock, store, guests, probeSource }),
    catalogue: createCatalogue(LAB_LOCATION),
    addresses,
    behaviour,
    roles: createRoles(role, scopes, (spread) => {
      if (behaviour.roleChangeSeconds === 0) spread();
      else clock.setTimer(clock.now() + behaviour.roleChangeSeconds * 1000, spread);
    }),
    activity: createActivityLog(clock, operations, createIds('activity'), state?.activity),
    policies: new Map(),
    denials: [],
    denyAssignments: [],
    disabledKeys: new Set(),
    newId,
  };
  if (state) await resume(context, state);
  ensureGroup(context, home, LAB_RESOURCE_GROUP);
  const faults = createFaultList();
  const log = createRequestLog(clock, options.log, options.keptRequests);
  const limits = rateLimits === 'azure' ? AZURE_RATE_LIMITS : rateLimits;
  // Who acts before a call makes calls in turn: the list and the pipeline need each other.
  const { list: actors, bystanders } = createActorList(
    context,
    () => pipeline,
    (name) => idOf('virtualMachines', name),
  );
  const pipeline: Pipeline = createPipeline({
    context,
    service: identity.principal,
    rateLimiter: limits === 'off' ? undefined : createRateLimiter(clock, limits),
    computeLimiter: limits === 'off' ? undefined : createComputeLimiter(clock, operations),
    faults,
    bystanders,
    log,
  });
  const server = await startServer({ context, authority, identity, pipeline, port: options.port ?? 0 });

  const idOf = (type: string, nameOrId: string): string =>
    nameOrId.startsWith('/')
      ? nameOrId
      : resourceId(LAB_SUBSCRIPTION, LAB_RESOURCE_GROUP, `Microsoft.Compute/${type}`, nameOrId);
  const lab: Lab = {
    url: server.url,
    caPem: authority.caPem,
    identity,
    clock,
    subscriptionId: LAB_SUBSCRIPTION,
    addressPrefix: addresses.prefix,
    faults,
    actors,
    catalogue: context.catalogue,
    operations: context.operations,
    behaviour,
    store,
    addVm: (spec) => addVm(context, home, spec),
    addImage: (...images) => void context.catalogue.images.push(...images),
    addResourceGroup: (name) => {
      ensureGroup(context, home, name);
    },
    addLock: (scope, name, level) => {
      addLock(context, scope, name, level);
    },
    governance: context,
    vm: (nameOrId) => store.virtualMachines.get(idOf('virtualMachines', nameOrId)),
    disk: (nameOrId) => store.disks.get(idOf('disks', nameOrId)),
    snapshot: (nameOrId) => store.snapshots.get(idOf('snapshots', nameOrId)),
    guest: (nameOrId) => context.machines.guest(lab.vm(nameOrId)),
    resources: () =>
      allResources(store).map(({ id, name, type, tags }) => ({ id, name, type, ...(tags && { tags }) })),
    isReachable: (nameOrId, source, port) => context.machines.isReachable(lab.vm(nameOrId), source, port),
    requests: () => log.all(),
    activity: () => context.activity.all(),
    usedActions: () => context.roles.used,
    redefineRole: (permissions) => {
      context.roles.define(permissions);
    },
    save: () => save(context),
    hangUp: () => {
      server.hangUp();
    },
    async close() {
      actors.clear();
      await context.machines.close();
      await Promise.all([server.close(), identity.close(), addresses.release()]);
    },
  };
  await fleet?.(lab);
  return lab;
}
