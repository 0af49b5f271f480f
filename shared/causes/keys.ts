import type { Facts, SecuredPathFact } from '../model/facts.ts';
import { ACCOUNTS, mayAccess, READ, WRITE } from './access.ts';

const ACCESS_DENIED = 5;

/** Not even SYSTEM was let look at it; any other error says nothing about rights. */
function isDenied({ error }: SecuredPathFact): boolean {
  return error?.code === ACCESS_DENIED;
}

/** Windows cannot use what is there: TermService reads as NETWORK SERVICE; SYSTEM makes and replaces RDP's own. */
function isUnusable(path: SecuredPathFact, system: number): boolean {
  if (isDenied(path)) return true;
  if (path.state !== 'here' || path.sddl === '') return false;
  return (
    !mayAccess(path.sddl, ACCOUNTS.system, system) || !mayAccess(path.sddl, ACCOUNTS.networkService, READ)
  );
}

/** Those of folder, RDP's key and the bound certificate's key that Windows cannot use. */
export function unusableKeys({ keys: { folder, rdpKey, boundKey } }: Facts) {
  return [
    ...(isUnusable(folder, READ | WRITE) ? (['folder'] as const) : []),
    ...(isUnusable(rdpKey, READ | WRITE) ? (['rdp-key'] as const) : []),
    // Nobody replaces that one: it is an administrator's.
    ...(boundKey !== null && isUnusable(boundKey, 0) ? (['bound-key'] as const) : []),
  ];
}

/** RDP's key may be read, and the provider cannot open it: a live question. */
export function isKeyDamaged(facts: Facts): boolean {
  return (
    facts.keys.opens === 'no' &&
    facts.keys.rdpKey.state === 'here' &&
    !unusableKeys(facts).includes('rdp-key')
  );
}

/** Everything was read, and the folder of the keys does not exist. */
export function isFolderGone({ keys }: Facts): boolean {
  return keys.folder.state === 'missing';
}
