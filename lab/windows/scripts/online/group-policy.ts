import { attempt, ScriptFault, scriptModel } from '../envelope.ts';
import type { ScriptModel } from '../model.ts';
import { WindowsError } from '../../machine/errors.ts';
import type { Machine } from '../../machine.ts';
import { dword } from '../values.ts';
import { GPSVC } from './keys.ts';
import { tlsPolicy } from './policy.ts';
import { findGroupPolicyFault, findTlsFault } from './tls-state.ts';

/** Gives Group Policy back to Windows after a repair of TLS, and sees whether a policy undoes it. */
export const groupPolicyModel: ScriptModel = (machine, parameters) => {
  let isRefreshed = false;
  return scriptModel('online/group-policy', {
    always: true,
    detect(session) {
      findGroupPolicyFault(session, 'fault');
      if (!isRefreshed) return;
      const before = session.findings.length;
      findTlsFault(session);
      if (session.findings.slice(before).some(({ severity }) => severity === 'fault')) {
        session.find('TlsSetByPolicy', 'a Group Policy switches TLS off again; it must be changed there', {
          cause: 'tls',
          data: tlsPolicy(machine),
        });
      }
    },
    async repair(session) {
      session.write(GPSVC, 'Start', dword(2));
      if ((await attempt(() => session.startIfStopped('gpsvc'))) !== undefined) {
        session.find(
          'GroupPolicyNeedsRestart',
          'the Group Policy service starts only after a restart of the VM; run this script again then',
          { cause: 'tls' },
        );
        session.restart = 'vm';
        return;
      }
      await refresh(machine);
      isRefreshed = true;
    },
  })(machine, parameters);
};

async function refresh({ policy }: Machine): Promise<void> {
  try {
    await policy.refresh();
  } catch (error) {
    if (error instanceof WindowsError)
      throw new ScriptFault('PolicyRefreshFailed', `gpupdate ended with ${String(error.code)}`);
    throw error;
  }
}
