import { preconditionFailed } from '../errors.ts';
import type { ArmRequest } from '../http.ts';
import type { Resource } from '../store/resources.ts';
import { networkEtag } from './network-wire.ts';

/**
 * NICs, groups and rules honour `If-Match` on PUT (kubernetes#77210, cloud-provider-azure#483); a rule has the ETag of
 * its group. The ETag in the body is ignored.
 * @throws ArmError 412 PreconditionFailed
 */
export function requireNetworkEtag({ headers }: ArmRequest, resource: Resource | undefined): void {
  const given = headers['if-match'];
  if (given === undefined || (given === '*' && resource)) return;
  const current = resource ? networkEtag(resource) : '(none)';
  if (given !== current) throw preconditionFailed(given, current);
}
