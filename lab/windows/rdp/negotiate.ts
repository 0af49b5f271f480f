import type { RdpSettings } from './settings.ts';
import { FAILURE, PROTOCOL, type ConnectionRequest, type NegotiationAnswer } from './x224.ts';

/**
 * What the server answers to a Connection Request ([MS-RDPBCGR] 2.2.1.2, 5.4.2).
 * A server set not to negotiate answers without a negotiation structure.
 */
export function negotiate(
  { requested = 0 }: ConnectionRequest,
  settings: RdpSettings,
  hasCertificate: boolean,
): NegotiationAnswer {
  if (!settings.negotiates) return 'none';
  const wantsSsl = (requested & PROTOCOL.ssl) !== 0;
  const wantsHybrid = (requested & PROTOCOL.hybrid) !== 0;

  if (settings.securityLayer === 0) {
    return wantsSsl || wantsHybrid ? { failure: FAILURE.sslNotAllowedByServer } : { protocol: PROTOCOL.rdp };
  }
  if (!wantsSsl && !wantsHybrid) {
    if (settings.networkLevelAuthentication) return { failure: FAILURE.hybridRequiredByServer };
    return settings.securityLayer === 2
      ? { failure: FAILURE.sslRequiredByServer }
      : { protocol: PROTOCOL.rdp };
  }
  if (settings.networkLevelAuthentication && !wantsHybrid) return { failure: FAILURE.hybridRequiredByServer };
  if (!hasCertificate) return { failure: FAILURE.sslCertNotOnServer };
  return { protocol: wantsHybrid ? PROTOCOL.hybrid : PROTOCOL.ssl };
}
