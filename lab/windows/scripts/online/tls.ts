import { scriptModel } from '../envelope.ts';
import { dword } from '../values.ts';
import { CIPHER_POLICY, GPSVC, SCHANNEL_PROTOCOLS } from './keys.ts';
import { findTlsFault, FIRST_BUILD_WITH_TLS_13, isCipherPolicyEmpty } from './tls-state.ts';

/** Lets RDP use TLS again. */
export const tlsModel = scriptModel('online/tls', {
  detect: findTlsFault,
  repair(session) {
    const versions = ['TLS 1.2'];
    if (session.machine.info.build >= FIRST_BUILD_WITH_TLS_13) versions.push('TLS 1.3');
    if (session.parameters['LegacyTls'] === 'yes') versions.push('TLS 1.0', 'TLS 1.1');

    for (const version of versions) {
      const key = `${SCHANNEL_PROTOCOLS}\\${version}\\Server`;
      session.write(key, 'Enabled', dword(1));
      session.write(key, 'DisabledByDefault', dword(0));
    }
    if (isCipherPolicyEmpty(session)) session.removeValue(CIPHER_POLICY, 'Functions');
    session.write(GPSVC, 'Start', dword(4));
    session.facts['groupPolicyService'] = 'disabled';
    session.restart = 'vm';
  },
});
