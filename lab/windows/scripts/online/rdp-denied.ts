import { scriptModel } from '../envelope.ts';
import { dword } from '../values.ts';
import { findDenyFault } from './access.ts';
import { TERMINAL_SERVER } from './keys.ts';

/** Lets Windows accept Remote Desktop connections again. */
export const rdpDeniedModel = scriptModel('online/rdp-denied', {
  detect: findDenyFault,
  repair(session) {
    session.write(TERMINAL_SERVER, 'fDenyTSConnections', dword(0));
    if (session.read(TERMINAL_SERVER, 'TSEnabled') === 0)
      session.write(TERMINAL_SERVER, 'TSEnabled', dword(1));
  },
});
