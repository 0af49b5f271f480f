import type { GuestDisk } from '../../windows/disk.ts';
import { DEFAULT_RDP_PORT } from '../../windows/rdp/settings.ts';
import { setInSystem } from '../disk/edit.ts';
import { dword, expandable, list, text } from '../disk/registry-values.ts';

export interface PortThief {
  service: string;
  displayName: string;
  /** It does not accept the stop control. */
  stubborn: boolean;
}

/** A service that starts with Windows and takes the RDP port before TermService comes to it. */
export function takePort(disk: GuestDisk, { service, displayName, stubborn }: PortThief): void {
  const key = `Services\\${service}`;
  setInSystem(disk, key, 'DisplayName', text(displayName));
  setInSystem(disk, key, 'ImagePath', expandable(`"C:\\Program Files\\Contoso\\${service}.exe"`));
  setInSystem(disk, key, 'ObjectName', text('LocalSystem'));
  setInSystem(disk, key, 'ErrorControl', dword(1));
  setInSystem(disk, key, 'Start', dword(2));
  setInSystem(disk, key, 'Type', dword(16));
  setInSystem(disk, `${key}\\Parameters`, 'ListensOn', dword(DEFAULT_RDP_PORT));
  if (stubborn) setInSystem(disk, `${key}\\Parameters`, 'AcceptsStop', dword(0));
}

/** The RDP port lies in a range that Windows keeps for itself: nobody listens, nobody may. */
export function excludePort(disk: GuestDisk): void {
  setInSystem(disk, 'Services\\Tcpip\\Parameters', 'ReservedPorts', list('3380-3400'));
}
