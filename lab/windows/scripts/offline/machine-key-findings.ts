import { isKeyPathUsable } from '../online/machine-key-access.ts';
import type { Session } from '../session.ts';
import { guestRdpKeyPath, keyFolder } from './certificate.ts';
import type { OfflineGuest } from './offline-guest.ts';

/** Twin of `Find-GuestKeyFault`. */
export function findKeyFault(session: Session, guest: OfflineGuest): void {
  const { machine } = session;
  const cause = 'machine-keys';
  if (!isKeyPathUsable(machine, keyFolder(guest)))
    session.find('MachineKeysUnreadable', 'Windows cannot use the folder of the machine keys', {
      cause,
      data: { what: 'folder' },
    });
  const key = guestRdpKeyPath(session, guest);
  if (machine.files.peek(key) && !isKeyPathUsable(machine, key))
    session.find('MachineKeysUnreadable', 'the private key of RDP cannot be read', {
      cause,
      data: { what: 'RDP key' },
    });
}
