import type { Machine } from '../../machine.ts';
import { WindowsError } from '../../machine/errors.ts';
import { SID } from '../../sids.ts';
import type { Session } from '../session.ts';
import { rdpKeyPath } from './certificate.ts';
import { MACHINE_KEYS } from './keys.ts';

/** Groups that every service is in. */
const EVERYONE = [SID.everyone, SID.authenticatedUsers, SID.users] as const;
const SYSTEM_TOKEN = [SID.system, SID.administrators, ...EVERYONE];
const NETWORK_SERVICE_TOKEN = [SID.networkService, ...EVERYONE];

const READ = 1;
const WRITE = 2;
/** Of the two bits the scripts look at. */
const BITS = { F: 3, M: 3, RX: 1, R: 1, W: 2, RW: 3 } as const;

/** `Test-Access`: deny wins; `undefined` when nobody lets us look. */
function hasAccess(
  machine: Machine,
  path: string,
  sids: readonly string[],
  right: number,
): boolean | undefined {
  const security = aclOf(machine, path);
  if (!security) return undefined;
  let granted = 0;
  for (const { sid, rights, type } of [...security.entries, ...security.inherited]) {
    if (!sids.includes(sid)) continue;
    const bits = BITS[rights] & right;
    if (type === 'deny' && bits !== 0) return false;
    if (type === 'allow') granted |= bits;
  }
  return granted === right;
}

export function aclOf({ files }: Machine, path: string) {
  try {
    return files.acl(path);
  } catch (error) {
    if (error instanceof WindowsError) return undefined;
    throw error;
  }
}

/** SYSTEM must read and write, NETWORK SERVICE must read. */
export function isKeyPathUsable(machine: Machine, path: string): boolean {
  return (
    hasAccess(machine, path, SYSTEM_TOKEN, READ | WRITE) === true &&
    hasAccess(machine, path, NETWORK_SERVICE_TOKEN, READ) === true
  );
}

/** `Test-RdpKeyOpens`. */
export function rdpKeyOpens(machine: Machine): boolean {
  const file = machine.files.peek(rdpKeyPath(machine));
  return file !== undefined && !file.damaged;
}

export function otherKeysWithoutAccess(machine: Machine): string[] {
  return listKeys(machine)
    .toSorted((a, b) => a.localeCompare(b))
    .map((name) => `${MACHINE_KEYS}\\${name}`)
    .filter(
      (path) =>
        path.toLowerCase() !== rdpKeyPath(machine).toLowerCase() &&
        hasAccess(machine, path, SYSTEM_TOKEN, READ) !== true,
    );
}

function listKeys({ files }: Machine): string[] {
  try {
    return files.list(MACHINE_KEYS);
  } catch (error) {
    if (error instanceof WindowsError) return [];
    throw error;
  }
}

export function findMachineKeyFault(session: Session): void {
  const { machine } = session;
  const cause = 'machine-keys';
  if (!isKeyPathUsable(machine, MACHINE_KEYS)) {
    session.find('MachineKeysUnreadable', 'Windows cannot use the folder of the machine keys', {
      cause,
      data: { what: 'folder' },
    });
  }
  const rdpKey = rdpKeyPath(machine);
  if (machine.files.peek(rdpKey)) {
    if (!isKeyPathUsable(machine, rdpKey)) {
      session.find('MachineKeysUnreadable', 'the private key of RDP cannot be read', {
        cause,
        data: { what: 'RDP key' },
      });
    } else if (!rdpKeyOpens(machine)) {
      session.find('MachineKeyDamaged', 'the private key of RDP may be read but not opened', { cause });
    }
  }
  const others = otherKeysWithoutAccess(machine);
  if (others.length > 0) {
    session.find('OtherKeysUnreadable', 'keys of other software cannot be read either', {
      cause,
      severity: 'warning',
      data: { count: others.length },
    });
  }
}
