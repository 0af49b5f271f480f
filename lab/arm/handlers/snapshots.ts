import {
  requireConsistent,
  requireDiskName,
  requireSameKey,
  requireSameRegion,
} from '../compute/disk-refusals.ts';
import { snapshotBodySchema, type SnapshotBody } from '../compute/disk-schema.ts';
import { snapshotToWire } from '../compute/disk-wire.ts';
import { requireKeys } from '../compute/keys.ts';
import { requireRegion } from '../compute/locations.ts';
import { timestamp, type Context } from '../context.ts';
import { ArmError, invalidParameter } from '../errors.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { pageOf } from '../paging.ts';
import { PATHS, type Route } from '../route.ts';
import { idKey, nameOf } from '../store/resource-id.ts';
import type { Disk, Snapshot } from '../store/resources.ts';
import { requireGroup, touch } from '../store/store.ts';
import { SECONDS } from '../timings.ts';
import { readBody } from '../wire.ts';
import { firstAnswer, linkedSource } from './disks.ts';
import { copyDisk } from '../../windows/copy-disk.ts';

const TYPE = 'Microsoft.Compute/snapshots';
const COLLECTION = `${PATHS.groupCompute}/snapshots`;
const ONE = `${COLLECTION}/:name`;

export const snapshotRoutes: Route[] = [
  { method: 'GET', path: ONE, action: `${TYPE}/read`, handle: get },
  { method: 'GET', path: COLLECTION, action: `${TYPE}/read`, handle: list },
  { method: 'GET', path: `${PATHS.subscriptionCompute}/snapshots`, action: `${TYPE}/read`, handle: list },
  { method: 'PUT', path: ONE, action: `${TYPE}/write`, linked: linkedSource, handle: createOrUpdate },
  { method: 'DELETE', path: ONE, action: `${TYPE}/delete`, handle: remove },
];

function get(request: ArmRequest, { store, clock }: Context): ArmAnswer {
  return ok(snapshotToWire(clock.now(), store.snapshots.get(request.target)));
}

function list(request: ArmRequest, { store, clock }: Context): ArmAnswer {
  return pageOf(request, store.snapshots.within(request.target), (snapshot) =>
    snapshotToWire(clock.now(), snapshot),
  );
}

function createOrUpdate(request: ArmRequest, context: Context): ArmAnswer {
  const { store, clock, operations } = context;
  const body = readBody(snapshotBodySchema, request.body);
  requireGroup(store, request.target);
  const existing = store.snapshots.find(request.target);
  if (existing) return change(request, context, existing, body);

  requireRegion(body.location, TYPE);
  requireDiskName(request.target, 'snapshot');
  const source = findSource(context, body);
  requireSameRegion(source, body.location, body.properties.creationData.createOption);
  requireConsistent(body);
  if (body.properties.incremental === true) requireSameKey(source, body);
  const background = body.properties.creationData.createOption === 'CopyStart';
  const { properties } = body;
  const { osType, hyperVGeneration, securityProfile, diskSizeGB, encryptionSettingsCollection } =
    source.properties;
  const { supportedCapabilities } = source.properties;
  const snapshot: Snapshot = {
    id: request.target,
    name: nameOf(request.target),
    type: TYPE,
    location: body.location,
    ...(body.tags && { tags: body.tags }),
    provisioningState: 'Updating',
    revision: 1,
    sku: body.sku ?? { name: 'Standard_LRS' },
    properties: {
      ...(supportedCapabilities !== undefined && { supportedCapabilities }),
      ...(osType && { osType }),
      ...(hyperVGeneration && { hyperVGeneration }),
      ...(securityProfile && { securityProfile }),
      ...(diskSizeGB && { diskSizeGB }),
      ...(encryptionSettingsCollection && { encryptionSettingsCollection }),
      ...properties,
    },
    uniqueId: context.newId(),
    sourceUniqueId: source.uniqueId,
    familyId: source.type === 'Microsoft.Compute/snapshots' ? source.familyId : source.uniqueId,
    timeCreated: timestamp(clock),
    ...(background && {
      copy: { from: clock.now(), to: clock.now() + SECONDS.snapshotBackgroundCopy * 1000 },
    }),
    // The moment of the request counts: later writes of a running VM are not in the snapshot.
    content: copyDisk(source.content),
  };
  const operation = operations.begin(request, {
    family: 'disks',
    location: body.location,
    exclusive: request.target,
    async work({ pass }) {
      await pass(SECONDS.snapshot);
      requireKeys(context, snapshot);
      snapshot.provisioningState = 'Succeeded';
      return ok(snapshotToWire(clock.now(), snapshot));
    },
    failed: () => {
      snapshot.provisioningState = 'Failed';
    },
  });
  store.snapshots.put(snapshot);
  return { status: 202, body: firstAnswer(snapshot), operation };
}

/** @throws ArmError 400 without a source, 404 for one that is not there */
function findSource({ store }: Context, body: SnapshotBody): Disk | Snapshot {
  const { createOption, sourceResourceId } = body.properties.creationData;
  if (createOption !== 'Copy' && createOption !== 'CopyStart')
    throw invalidParameter('snapshot.creationData.createOption');
  if (sourceResourceId === undefined) throw invalidParameter('snapshot.creationData.sourceResourceId');
  if (createOption === 'CopyStart' && body.properties.incremental !== true) {
    throw new ArmError(400, 'InvalidParameter', 'CopyStart is only supported for incremental snapshots.', {
      target: 'incremental',
    });
  }
  return store.snapshots.find(sourceResourceId) ?? store.disks.get(idKey(sourceResourceId));
}

/** PUT on a snapshot that is there changes tags and access; its data stays. */
function change(
  request: ArmRequest,
  { operations, clock }: Context,
  snapshot: Snapshot,
  body: SnapshotBody,
): ArmAnswer {
  const before = snapshot.properties.creationData.sourceResourceId;
  const wanted = body.properties.creationData.sourceResourceId;
  if (before === undefined || wanted === undefined || idKey(before) !== idKey(wanted)) {
    throw new ArmError(409, 'PropertyChangeNotAllowed', "Changing property 'creationData' is not allowed.", {
      target: 'creationData',
    });
  }
  const operation = operations.begin(request, {
    family: 'disks',
    location: snapshot.location,
    exclusive: snapshot.id,
    async work({ pass }) {
      await pass(SECONDS.diskUpdate);
      if (body.tags) snapshot.tags = body.tags;
      snapshot.provisioningState = 'Succeeded';
      touch(snapshot);
      return ok(snapshotToWire(clock.now(), snapshot));
    },
    failed: () => {
      snapshot.provisioningState = 'Failed';
    },
  });
  return { status: 202, body: firstAnswer(snapshot), operation };
}

function remove(request: ArmRequest, { store, operations }: Context): ArmAnswer {
  requireGroup(store, request.target);
  const snapshot = store.snapshots.find(request.target);
  if (!snapshot) return { status: 204 };
  const operation = operations.begin(request, {
    family: 'disks',
    location: snapshot.location,
    exclusive: snapshot.id,
    preempts: true,
    async work({ pass }) {
      await pass(SECONDS.snapshotDelete);
      store.snapshots.remove(snapshot.id);
      return { status: 200 };
    },
  });
  return { status: 202, operation };
}
