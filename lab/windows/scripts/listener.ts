import type { RegistryValue } from '../disk.ts';
import type { Session } from './session.ts';
import { dword, text } from './values.ts';

/** As `guest/lib/listener.ps1`: what the listener needs to be built. */
const SETTINGS: Readonly<Record<string, RegistryValue>> = {
  LoadableProtocol_Object: text('{5828227c-20cf-4408-b73f-73ab70b8849f}'),
  PdName: text('tcp'),
  PdDLL: text('tdtcp'),
  PdName1: text('tssecsrv'),
  PdDLL1: text('tssecsrv'),
  WdName: text('Microsoft RDP 8.0'),
  WdPrefix: text('RDP'),
  WdDLL: text('rdpwd'),
  WsxDLL: text('rdpwsx'),
  CfgDll: text('RDPCFGEX.DLL'),
  PdClass: dword(2),
  PdClass1: dword(11),
  PdFlag: dword(78),
  PdFlag1: dword(0),
  WdFlag: dword(54),
  LanAdapter: dword(0),
  MaxInstanceCount: dword(-1),
  PortNumber: dword(3389),
  SecurityLayer: dword(2),
  UserAuthentication: dword(1),
  MinEncryptionLevel: dword(3),
  fAllowSecProtocolNegotiation: dword(1),
};

/** Twin of `Repair-ListenerSetting`. */
export function repairListenerSetting(session: Session, key: string): void {
  session.write(key, 'fEnableWinStation', dword(0));
  for (const [name, value] of Object.entries(SETTINGS))
    if (session.read(key, name) === undefined) session.write(key, name, value);
}
