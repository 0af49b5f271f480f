import { ArmError, invalidParameter, resourceNotFound } from '../errors.ts';
import { sameLocation } from './locations.ts';
import { groupOf, nameOf, sameId } from '../store/resource-id.ts';
import type { Disk, Snapshot } from '../store/resources.ts';
import type { DiskBody, SnapshotBody } from './disk-schema.ts';

/** Up to 80 letters, digits, `_`, `.` and `-`; the first a letter or digit, the last that or `_` (PSRule.Rules.Azure, Azure.VM.DiskName). */
const NAME = /^[a-z\d]([\w.-]{0,78}\w)?$/i;

/** @throws ArmError 400 InvalidParameter (AzureStorageExplorer#4425, the text for a name that is too long) */
export function requireDiskName(id: string, kind: 'disk' | 'snapshot'): void {
  if (!NAME.test(nameOf(id))) throw invalidParameter(`${kind}.name`);
}

/**
 * A copy lies in the region of its source: Azure looks for that in the region of the request, and does not find it elsewhere
 * (azure-cli#9732, #11909). Only `CopyStart` goes into another one.
 * @throws ArmError 404 ResourceNotFound
 */
export function requireSameRegion(source: Disk | Snapshot, location: string, createOption: string): void {
  if (createOption === 'CopyStart' || sameLocation(source.location, location)) return;
  throw resourceNotFound(source.type, source.name, nameOf(groupOf(source.id)));
}

/** Ways of making a disk for which Azure takes a security type from the request. */
const TAKES_SECURITY_TYPE = ['FromImage', 'Import', 'ImportSecure', 'UploadPreparedSecure'];

/**
 * A copy has the security type of what it is copied from, and none in its request: Azure refuses Trusted Launch there
 * (azure-cli#22561, the answer of the service pasted; terraform-provider-azurerm#13849 and #20030 keep to the same list).
 * @throws ArmError 400 BadRequest
 */
export function refuseSecurityType({ properties }: DiskBody): void {
  const { createOption } = properties.creationData;
  const type = properties.securityProfile?.securityType;
  if (type === undefined || type === 'Standard' || TAKES_SECURITY_TYPE.includes(createOption)) return;
  throw new ArmError(
    400,
    'BadRequest',
    `Security Type '${type}' is not supported for CreateOption '${createOption}'. Supported create options are ${TAKES_SECURITY_TYPE.join(', ')}.`,
  );
}

/**
 * A disk with copies in every zone stands in none (learn.microsoft.com, disks-redundancy), and one that is reached through a private
 * endpoint alone says through which (disks-restrict-import-export-overview). The texts are our own.
 * @throws ArmError 400 InvalidParameter
 */
export function requireConsistent({ properties, ...top }: DiskBody | SnapshotBody): void {
  const zones = 'zones' in top ? top.zones : undefined;
  if (top.sku?.name.endsWith('_ZRS') === true && zones?.length && !('incremental' in properties))
    throw invalidParameter('zones', 'A zone-redundant disk is not placed in a zone.');
  const isPrivate = properties.networkAccessPolicy === 'AllowPrivate';
  if (isPrivate !== (properties.diskAccessId !== undefined))
    throw invalidParameter('diskAccessId', 'AllowPrivate and a disk access are set together or not at all.');
}

/**
 * A disk and all its incremental snapshots have one encryption set (learn.microsoft.com, disks-enable-customer-managed-keys, restrictions),
 * and what is encrypted twice stays so. Code and text are our own.
 * @throws ArmError 400 BadRequest
 */
export function requireSameKey(source: Disk | Snapshot, { properties }: SnapshotBody): void {
  const [has, wanted] = [properties.encryption, source.properties.encryption];
  const sameSet = sameId(has?.diskEncryptionSetId, wanted?.diskEncryptionSetId);
  const isCustomers = (type: unknown): boolean => typeof type === 'string' && type.includes('CustomerKey');
  if (!isCustomers(wanted?.['type']) || (sameSet && has?.['type'] === wanted?.['type'])) return;
  throw new ArmError(
    400,
    'BadRequest',
    `The disk ${source.name} and its incremental snapshots have to use the same disk encryption set.`,
  );
}
