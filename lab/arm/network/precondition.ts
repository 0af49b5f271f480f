import { preconditionFailed } from '../errors.ts';
import type { ArmRequest } from '../http.ts';
import type { Resource } from '../store/resources.ts';
import { networkEtag } from './network-wire.ts';

/**
 * NICs, groups and rules honour `If-Match` on PUT (kubernetes#77210, cloud-provider-azure#483); a rule has the ETag of
 * its group. The ETag in the body is ignored. `If-None-Match: *` on PUT is as HTTP has it; Azure's word on it is not documented.
 * @throws ArmError 412 PreconditionFailed
 */
export function requireNetworkEtag({ headers }: ArmRequest, resource: Resource | undefined): void {
  if (headers['if-none-match'] === '*' && resource) throw preconditionFailed('*', networkEtag(resource));
  const given = headers['if-match'];
  if (given === undefined || (given === '*' && resource)) return;
  const current = resource ? networkEtag(resource) : '(none)';
  if (given !== current) throw preconditionFailed(given, current);
}
