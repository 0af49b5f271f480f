import { ArmError } from '../errors.ts';
import type { DiskBody } from './disk-schema.ts';

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
