import { scriptModel } from '../envelope.ts';
import { repairListenerSetting } from '../listener.ts';
import { dword } from '../values.ts';
import { findListenerFault } from './access.ts';
import { RDP_TCP } from './keys.ts';

/** Puts the RDP listener back. */
export const rdpListenerModel = scriptModel('online/rdp-listener', {
  detect: findListenerFault,
  async repair(session) {
    if (session.read(RDP_TCP, 'fEnableWinStation') !== 1) repairListenerSetting(session, RDP_TCP);
    if (session.read(RDP_TCP, 'fLogonDisabled') === 1) session.write(RDP_TCP, 'fLogonDisabled', dword(0));
    session.write(RDP_TCP, 'fEnableWinStation', dword(1));
    await session.restartService('TermService');
  },
});
