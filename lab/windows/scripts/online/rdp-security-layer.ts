import { scriptModel } from '../envelope.ts';
import { dword } from '../values.ts';
import { findSecurityLayerFault } from './access.ts';
import { RDP_TCP } from './keys.ts';

const WANTED = [
  ['MinEncryptionLevel', 3],
  ['UserAuthentication', 1],
  ['fAllowSecProtocolNegotiation', 1],
  ['SecurityLayer', 2],
] as const;

/** Sets the security of the RDP listener to what clients of today ask for; never lowers a value. */
export const rdpSecurityLayerModel = scriptModel('online/rdp-security-layer', {
  detect: findSecurityLayerFault,
  async repair(session) {
    for (const [name, wanted] of WANTED) {
      const value = session.read(RDP_TCP, name);
      if (typeof value !== 'number' || value < wanted) session.write(RDP_TCP, name, dword(wanted));
    }
    await session.restartService('TermService');
  },
});
