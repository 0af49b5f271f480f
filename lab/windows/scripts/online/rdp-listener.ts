import type { RegistryValue } from '../../disk.ts';
import { scriptModel } from '../envelope.ts';
import type { Session } from '../session.ts';
import { dword, text } from '../values.ts';
import { findListenerFault } from './access.ts';
import { LISTENER_PROTOCOL, RDP_TCP } from './keys.ts';

/** What the listener needs to be built (`guest/lib/listener.ps1`), in that order. */
export const LISTENER_SETTINGS: readonly (readonly [string, RegistryValue])[] = [
  ['LoadableProtocol_Object', text(LISTENER_PROTOCOL)],
  ['PdName', text('tcp')],
  ['PdDLL', text('tdtcp')],
  ['PdName1', text('tssecsrv')],
  ['PdDLL1', text('tssecsrv')],
  ['WdName', text('Microsoft RDP 8.0')],
  ['WdPrefix', text('RDP')],
  ['WdDLL', text('rdpwd')],
  ['WsxDLL', text('rdpwsx')],
  ['CfgDll', text('RDPCFGEX.DLL')],
  ['PdClass', dword(2)],
  ['PdClass1', dword(11)],
  ['PdFlag', dword(78)],
  ['PdFlag1', dword(0)],
  ['WdFlag', dword(54)],
  ['LanAdapter', dword(0)],
  ['MaxInstanceCount', dword(-1)],
  ['PortNumber', dword(3389)],
  ['SecurityLayer', dword(2)],
  ['UserAuthentication', dword(1)],
  ['MinEncryptionLevel', dword(3)],
  ['fAllowSecProtocolNegotiation', dword(1)],
];

/** Puts the RDP listener back. */
export const rdpListenerModel = scriptModel('online/rdp-listener', {
  detect: findListenerFault,
  async repair(session) {
    if (session.read(RDP_TCP, 'fEnableWinStation') !== 1) writeMissingSettings(session, RDP_TCP);
    if (session.read(RDP_TCP, 'fLogonDisabled') === 1) session.write(RDP_TCP, 'fLogonDisabled', dword(0));
    session.write(RDP_TCP, 'fEnableWinStation', dword(1));
    await session.restartService('TermService');
  },
});

/** The switch is 0 first: a key left half written is then still seen as a listener that is off. */
export function writeMissingSettings(session: Session, key: string): void {
  session.write(key, 'fEnableWinStation', dword(0));
  for (const [name, value] of LISTENER_SETTINGS) {
    if (session.read(key, name) === undefined) session.write(key, name, value);
  }
}
