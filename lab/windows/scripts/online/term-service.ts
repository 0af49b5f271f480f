import { attempt, scriptModel } from '../envelope.ts';
import { findServiceFault } from './access.ts';
import { NETWORK_SERVICE_ACCOUNT } from './keys.ts';

const ACCOUNT = 'NT AUTHORITY\\NetworkService';

/** Gets the Remote Desktop services running. */
export const termServiceModel = scriptModel('online/term-service', {
  detect: findServiceFault,
  async repair(session) {
    const { services } = session.machine;
    const service = services.get('TermService');
    if (!service) return;
    for (const name of ['SessionEnv', 'UmRdpService', 'TermService']) session.enableStart(name);
    if (service.account !== '' && !NETWORK_SERVICE_ACCOUNT.test(service.account)) {
      services.configure('TermService', { account: ACCOUNT });
      session.act('set service account', 'TermService', service.account, ACCOUNT);
    }
    const refused = await attempt(() => session.startIfStopped('TermService'));
    if (refused !== undefined) {
      session.find('ServiceStartFailed', refused, {
        cause: 'term-service',
        data: { service: 'TermService' },
      });
    }
  },
});
