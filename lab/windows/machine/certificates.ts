import {
  certificatesOf,
  MACHINE_KEYS,
  rdpKeyFile,
  storeKey,
  SYSTEM_CERTIFICATES,
} from '../certificates/store.ts';
import type { Sid } from '../disk.ts';
import { firewallLets } from '../firewall.ts';
import { deleteHiveKey, hiveList, hiveNumber, hiveSubkeys, hiveText } from '../hive.ts';
import { findInside } from '../inside.ts';
import { same } from '../lookup.ts';
import { passwordHashOf } from '../accounts.ts';
import { isRunning } from '../services/state.ts';
import { SID } from '../sids.ts';
import { allows, fileAt } from '../volume.ts';
import { WIN32, WindowsError } from './errors.ts';
import { requireUnguarded } from './guards.ts';
import type { Running } from './running.ts';
import type { CertificateOps, CertificateStore } from './system-api.ts';

const SMB_PORT = 445;
const BAD_NETWORK_PATH = 53;
/** winerror.h */
const NTE = { badData: 0x80090005, permission: 0x80090010, badKeyset: 0x80090016 } as const;

export function createCertificates(running: Running, principal: Sid): CertificateOps {
  const remove = (owner: Running, store: CertificateStore, thumbprint: string): void => {
    const { software } = owner;
    const key = hiveSubkeys(software, storeKey(store)).find((name) => same(name, thumbprint));
    if (key === undefined)
      throw new WindowsError(WIN32.fileNotFound, `no certificate ${thumbprint} in ${store}`);
    const path = `${storeKey(store)}\\${key}`;
    if (owner === running) requireUnguarded(owner, path);
    running.gate({ what: 'certificate.remove', target: `${store}\\${thumbprint}` });
    deleteHiveKey(software, path);
  };

  return {
    stores: () => hiveSubkeys(running.software, SYSTEM_CERTIFICATES),
    list: (store) => certificatesOf(running.software, running.volume, store),
    remove: (store, thumbprint) => {
      remove(running, store, thumbprint);
    },
    openKey(container) {
      const machineGuid = hiveText(running.software, 'Microsoft\\Cryptography', 'MachineGuid') ?? '';
      const name = same(container, 'TSSecKeySet1') ? rdpKeyFile(machineGuid) : container;
      const path = `${MACHINE_KEYS}\\${name}`;
      const key = fileAt(running.volume, path)?.key;
      if (!key) throw new WindowsError(NTE.badKeyset, 'Keyset does not exist');
      if (!allows(running.volume, path, principal, 'read'))
        throw new WindowsError(NTE.permission, 'access to the keyset is denied');
      if (key.damaged === true) throw new WindowsError(key.error ?? NTE.badData, 'Bad data');
    },
    // Every refusal is a rejection, as a network call's would be.
    async openRemote(address, store) {
      await running.wire.settled();
      const target = requireRemoteAccess(running, principal, address);
      return {
        list: () => certificatesOf(target.software, target.volume, store),
        remove: (thumbprint) => {
          remove(target, store, thumbprint);
        },
      };
    },
  };
}

/** The target when Remote Registry answers there and the account is an administrator of it. */
function requireRemoteAccess(running: Running, principal: Sid, address: string): Running {
  const guest = running.surroundings.peer(address);
  const target = guest && findInside(guest)?.running();
  if (!target || !firewallLets(target, 'tcp', SMB_PORT, running.surroundings.address))
    throw new WindowsError(BAD_NETWORK_PATH, `the network path \\\\${address} was not found`);
  if (!isRunning(target, 'RemoteRegistry'))
    throw new WindowsError(WIN32.rpcServerUnavailable, `Remote Registry does not run on ${address}`);
  if (!isAdministratorThere(running, principal, target))
    throw new WindowsError(WIN32.accessDenied, `access to \\\\${address} is denied`);
  return target;
}

const ADMINISTRATORS = 'SAM\\Domains\\Builtin\\Aliases\\Administrators';

/** SYSTEM goes over the network as its computer's domain account; a local administrator as one cut down. */
function isAdministratorThere(running: Running, principal: Sid, target: Running): boolean {
  const members = target.sam ? hiveList(target.sam, ADMINISTRATORS, 'Members') : [];
  const domain = domainOf(running);
  if (principal === SID.system) {
    if (domain === undefined || domain !== domainOf(target)) return false;
    const account = `${(domain.split('.')[0] ?? domain).toUpperCase()}\\${computerNameOf(running)}$`;
    return members.some((member) => same(member, account));
  }
  const policies = 'Microsoft\\Windows\\CurrentVersion\\Policies\\System';
  const unfiltered = hiveNumber(target.software, policies, 'LocalAccountTokenFilterPolicy') === 1;
  const user = principal.slice(principal.lastIndexOf(':') + 1);
  // Both machines know the account by name and password: that is what lets it in.
  const hash = running.sam && passwordHashOf(running.sam, user);
  const isKnown = hash !== undefined && target.sam !== undefined && passwordHashOf(target.sam, user) === hash;
  return isKnown && unfiltered && members.some((member) => same(member, user));
}

export function domainOf({ system, controlSet }: Running): string | undefined {
  const domain = hiveText(system, `${controlSet}\\Services\\Tcpip\\Parameters`, 'Domain');
  return domain === undefined || domain === '' ? undefined : domain.toLowerCase();
}

export function computerNameOf({ system, controlSet, surroundings }: Running): string {
  const key = `${controlSet}\\Control\\ComputerName\\ComputerName`;
  return hiveText(system, key, 'ComputerName') ?? surroundings.vmName;
}
