import { linkedEncryption, onEach } from '../access/links.ts';
import type { Demand } from '../access/roles.ts';
import { diskBodySchema, diskUpdateSchema, type DiskBody } from '../compute/disk-schema.ts';
import {
  refuseSecurityType,
  requireConsistent,
  requireDiskName,
  requireSameRegion,
} from '../compute/disk-refusals.ts';
import { diskToWire } from '../compute/disk-wire.ts';
import { emptyDisk } from '../compute/empty-disk.ts';
import { requireKeys } from '../compute/keys.ts';
import { requireRegion } from '../compute/locations.ts';
import { timestamp, type Context } from '../context.ts';
import { ArmError, invalidParameter, operationNotAllowed } from '../errors.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { pageOf } from '../paging.ts';
import { PATHS, type Route } from '../route.ts';
import { at } from '../store/json.ts';
import { idKey, nameOf } from '../store/resource-id.ts';
import type { Disk, Snapshot } from '../store/resources.ts';
import { requireGroup, touch } from '../store/store.ts';
import { SECONDS } from '../timings.ts';
import { readBody } from '../wire.ts';
import { copyDisk } from '../../windows/copy-disk.ts';

const TYPE = 'Microsoft.Compute/disks';
const COLLECTION = `${PATHS.groupCompute}/disks`;
const ONE = `${COLLECTION}/:name`;

export const diskRoutes: Route[] = [
  {
    method: 'GET',
    path: ONE,
    action: `${TYPE}/read`,
    handle: (request, context) => ok(diskToWire(context, context.store.disks.get(request.target))),
  },
  { method: 'GET', path: COLLECTION, action: `${TYPE}/read`, handle: list },
  { method: 'GET', path: `${PATHS.subscriptionCompute}/disks`, action: `${TYPE}/read`, handle: list },
  { method: 'PUT', path: ONE, action: `${TYPE}/write`, linked: linkedSource, handle: createOrUpdate },
  {
    method: 'PATCH',
    path: ONE,
    action: `${TYPE}/write`,
    linked: ({ body }) => linkedEncryption(body),
    handle: update,
  },
  { method: 'DELETE', path: ONE, action: `${TYPE}/delete`, handle: remove },
];

function list(request: ArmRequest, context: Context): ArmAnswer {
  return pageOf(request, context.store.disks.within(request.target), (disk) => diskToWire(context, disk));
}

/** Copying reads the source's data, which is a right of its own. */
export function linkedSource({ body }: ArmRequest): Demand[] {
  const id = at(body, 'properties', 'creationData', 'sourceResourceId');
  const type = typeof id === 'string' && /\/snapshots\//i.test(id) ? 'snapshots' : 'disks';
  return [...onEach(`Microsoft.Compute/${type}/beginGetAccess/action`, [id]), ...linkedEncryption(body)];
}

function createOrUpdate(request: ArmRequest, context: Context): ArmAnswer {
  const { store, clock, operations } = context;
  const body = readBody(diskBodySchema, request.body);
  requireGroup(store, request.target);
  const existing = store.disks.find(request.target);
  if (existing) return change(request, context, existing, body);

  requireRegion(body.location, TYPE);
  requireDiskName(request.target, 'disk');
  refuseSecurityType(body);
  requireConsistent(body);
  const source = findSource(context, body);
  if (source) requireSameRegion(source, body.location, body.properties.creationData.createOption);
  const { properties } = body;
  const disk: Disk = {
    id: request.target,
    name: nameOf(request.target),
    type: TYPE,
    location: body.location,
    ...(body.tags && { tags: body.tags }),
    ...(body.zones && { zones: body.zones }),
    provisioningState: 'Updating',
    revision: 1,
    sku: body.sku ?? { name: 'Standard_LRS' },
    properties: { ...inherited(source), ...properties, diskSizeGB: sizeOf(body, source) },
    uniqueId: context.newId(),
    timeCreated: timestamp(clock),
    ...(source && { sourceUniqueId: source.uniqueId }),
    content: source ? copyDisk(source.content) : emptyDisk(context.newId()),
  };
  const operation = operations.begin(request, {
    family: 'disks',
    location: body.location,
    exclusive: request.target,
    async work({ pass }) {
      await pass(source ? SECONDS.diskCopy : SECONDS.diskCreate);
      requireKeys(context, disk);
      disk.provisioningState = 'Succeeded';
      return ok(diskToWire(context, disk));
    },
    failed: () => {
      disk.provisioningState = 'Failed';
    },
  });
  store.disks.put(disk);
  return { status: 202, body: firstAnswer(disk), operation };
}

/** The short body, without an id (recorded traffic), with which a disk or snapshot answers while it is being made. */
export function firstAnswer({ name, location, tags, properties }: Disk | Snapshot): ArmAnswer['body'] {
  return {
    name,
    location,
    ...(tags && { tags }),
    properties: { provisioningState: 'Updating', creationData: properties.creationData },
  };
}

/** What a disk has from the one it was copied from, unless the request says otherwise. */
function inherited(source: Disk | Snapshot | undefined): Partial<DiskBody['properties']> {
  if (!source) return {};
  const { osType, hyperVGeneration, securityProfile, encryptionSettingsCollection, supportedCapabilities } =
    source.properties;
  return {
    ...(supportedCapabilities !== undefined && { supportedCapabilities }),
    ...(osType && { osType }),
    ...(hyperVGeneration && { hyperVGeneration }),
    ...(securityProfile && { securityProfile }),
    ...(encryptionSettingsCollection && { encryptionSettingsCollection }),
  };
}

function sizeOf(body: DiskBody, source: Disk | Snapshot | undefined): number {
  const wanted = body.properties.diskSizeGB ?? source?.properties.diskSizeGB;
  if (wanted === undefined) throw invalidParameter('diskSizeGB');
  if (wanted < (source?.properties.diskSizeGB ?? 0)) throw invalidParameter('diskSizeGB');
  return wanted;
}

/**
 * The disk or snapshot a new disk is copied from.
 * @throws ArmError 404 when it is not there; 409 while its own background copy goes on (the contract has no text
 *   for this case; Azure refuses it as well)
 */
function findSource({ store, clock }: Context, body: DiskBody): Disk | Snapshot | undefined {
  const { createOption, sourceResourceId } = body.properties.creationData;
  if (createOption === 'Empty') return undefined;
  if (createOption !== 'Copy') throw invalidParameter('disk.creationData.createOption');
  if (sourceResourceId === undefined) {
    throw new ArmError(
      400,
      'InvalidParameter',
      'Required parameter creationData.sourceResourceId is missing (null).',
      { target: 'creationData.sourceResourceId' },
    );
  }
  const snapshot = store.snapshots.find(sourceResourceId);
  if (snapshot?.copy && clock.now() < snapshot.copy.to) {
    throw operationNotAllowed(
      `Snapshot ${snapshot.id} cannot be used because its background copy has not completed.`,
    );
  }
  return snapshot ?? store.disks.get(idKey(sourceResourceId));
}

/** PUT on a disk that is there: tags, SKU, size and access may change; where it came from may not. */
function change(request: ArmRequest, context: Context, disk: Disk, body: DiskBody): ArmAnswer {
  const { sourceResourceId } = body.properties.creationData;
  const before = disk.properties.creationData.sourceResourceId;
  if (sourceResourceId !== undefined && (before === undefined || idKey(before) !== idKey(sourceResourceId))) {
    throw new ArmError(409, 'PropertyChangeNotAllowed', "Changing property 'creationData' is not allowed.", {
      target: 'creationData',
    });
  }
  const { creationData: _, ...properties } = body.properties;
  return applyChange(request, context, disk, { ...body, properties });
}

function update(request: ArmRequest, context: Context): ArmAnswer {
  const disk = context.store.disks.get(request.target);
  return applyChange(request, context, disk, readBody(diskUpdateSchema, request.body));
}

function applyChange(
  request: ArmRequest,
  context: Context,
  disk: Disk,
  {
    tags,
    sku,
    properties,
  }: {
    tags?: Disk['tags'];
    sku?: Disk['sku'] | undefined;
    properties?: Partial<Disk['properties']> | undefined;
  },
): ArmAnswer {
  const size = properties?.diskSizeGB;
  if (size !== undefined && size < (disk.properties.diskSizeGB ?? 0)) throw invalidParameter('diskSizeGB');
  const vm = disk.managedBy === undefined ? undefined : context.store.virtualMachines.find(disk.managedBy);
  if (size !== undefined && size !== disk.properties.diskSizeGB && vm && vm.power !== 'deallocated') {
    throw operationNotAllowed(`Cannot resize disk ${disk.name} while it is attached to running VM ${vm.id}.`);
  }
  const operation = context.operations.begin(request, {
    family: 'disks',
    location: disk.location,
    exclusive: disk.id,
    async work({ pass }) {
      await pass(SECONDS.diskUpdate);
      if (tags) disk.tags = tags;
      if (sku) disk.sku = sku;
      Object.assign(disk.properties, properties);
      disk.provisioningState = 'Succeeded';
      touch(disk);
      return ok(diskToWire(context, disk));
    },
    failed: () => {
      disk.provisioningState = 'Failed';
    },
  });
  disk.provisioningState = 'Updating';
  return { status: 202, body: firstAnswer(disk), operation };
}

function remove(request: ArmRequest, context: Context): ArmAnswer {
  const { store, operations } = context;
  requireGroup(store, request.target);
  const disk = store.disks.find(request.target);
  if (!disk) return { status: 204 };
  if (disk.managedBy !== undefined)
    throw operationNotAllowed(`Disk ${disk.name} is attached to VM ${disk.managedBy}.`);
  const operation = operations.begin(request, {
    family: 'disks',
    location: disk.location,
    exclusive: disk.id,
    preempts: true,
    async work({ pass }) {
      await pass(SECONDS.diskDelete);
      store.disks.remove(disk.id);
      return { status: 200 };
    },
  });
  disk.provisioningState = 'Deleting';
  return { status: 202, operation };
}
