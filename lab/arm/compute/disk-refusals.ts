import { ArmError, invalidParameter, resourceNotFound } from '../errors.ts';
import { sameLocation } from './locations.ts';
import { groupOf, nameOf } from '../store/resource-id.ts';
import type { Disk, Snapshot } from '../store/resources.ts';
import type { DiskBody } from './disk-schema.ts';

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
