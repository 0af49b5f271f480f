import type { Sid } from './disk.ts';

/** Well-known security identifiers (Windows security identifiers, "Well-known SIDs"). */
export const SID = {
  everyone: 'S-1-1-0',
  system: 'S-1-5-18',
  localService: 'S-1-5-19',
  networkService: 'S-1-5-20',
  authenticatedUsers: 'S-1-5-11',
  administrators: 'S-1-5-32-544',
  users: 'S-1-5-32-545',
  trustedInstaller: 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
} as const;

/** The account and the groups its token always holds. */
export function tokenOf(principal: Sid): ReadonlySet<Sid> {
  const groups: Sid[] = [principal, SID.everyone, SID.authenticatedUsers];
  if (principal === SID.system || isLocalAccount(principal)) groups.push(SID.administrators);
  if (principal !== SID.system) groups.push(SID.users);
  return new Set(groups);
}

/** Accounts that scripts run as are local administrators in the lab. */
function isLocalAccount(principal: Sid): boolean {
  return principal.startsWith('S-1-5-21-');
}

const NAMES: Record<string, Record<string, string>> = {
  'en-US': {
    [SID.everyone]: 'Everyone',
    [SID.system]: 'NT AUTHORITY\\SYSTEM',
    [SID.localService]: 'NT AUTHORITY\\LOCAL SERVICE',
    [SID.networkService]: 'NT AUTHORITY\\NETWORK SERVICE',
    [SID.authenticatedUsers]: 'NT AUTHORITY\\Authenticated Users',
    [SID.administrators]: 'BUILTIN\\Administrators',
    [SID.users]: 'BUILTIN\\Users',
    [SID.trustedInstaller]: 'NT SERVICE\\TrustedInstaller',
  },
  'de-DE': {
    [SID.everyone]: 'Jeder',
    [SID.system]: 'NT-AUTORITÄT\\SYSTEM',
    [SID.localService]: 'NT-AUTORITÄT\\Lokaler Dienst',
    [SID.networkService]: 'NT-AUTORITÄT\\Netzwerkdienst',
    [SID.authenticatedUsers]: 'NT-AUTORITÄT\\Authentifizierte Benutzer',
    [SID.administrators]: 'VORDEFINIERT\\Administratoren',
    [SID.users]: 'VORDEFINIERT\\Benutzer',
    [SID.trustedInstaller]: 'NT SERVICE\\TrustedInstaller',
  },
};

/** The name a Windows of that language shows for a SID; the SID itself when it has none. */
export function accountName(sid: Sid, culture: string): string {
  return NAMES[culture]?.[sid] ?? NAMES['en-US']?.[sid] ?? sid;
}
