import { entriesOf, type Entry } from '../causes/access.ts';

/** Well-known accounts ([MS-DTYP] 2.4.2.4), as Windows shows them. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  'S-1-1-0': 'Everyone',
  'S-1-3-0': 'CREATOR OWNER',
  'S-1-5-6': 'SERVICE',
  'S-1-5-11': 'Authenticated Users',
  'S-1-5-18': 'SYSTEM',
  'S-1-5-19': 'LOCAL SERVICE',
  'S-1-5-20': 'NETWORK SERVICE',
  'S-1-5-32-544': 'Administrators',
  'S-1-5-32-545': 'Users',
};

/** Masks for which the Security tab of Explorer has a word. */
const RIGHTS: readonly (readonly [number, string])[] = [
  [0x1f01ff, 'full control'],
  [0x1301bf, 'modify'],
  [0x1201bf, 'read, write and execute'],
  [0x12019f, 'read and write'],
  [0x1200a9, 'read and execute'],
  [0x120089, 'read'],
  [0x120116, 'write'],
];

/** The name of an account; a SID that is not well known stays one. */
export function accountOf(sid: string): string {
  return ACCOUNTS[sid] ?? sid;
}

/** Who may do what, a line an entry, of a security descriptor in SDDL; `undefined` for a text that is none. */
export function permissionsOf(sddl: string): string[] | undefined {
  if (!/(^|\))D:|^[OG]:.*D:/.test(sddl)) return undefined;
  const entries = entriesOf(sddl);
  if (!entries) return ['Everyone has full control: there is no access control list'];
  return entries.length === 0 ? ['Nobody has access: the access control list is empty'] : entries.map(lineOf);
}

/** What came and what went between two descriptors; `undefined` where one of them is none. */
export function changeOfPermissions(before: string | null, after: string | null): string[] | undefined {
  const [old, now] = [before, after].map((sddl) => (sddl === null ? [] : permissionsOf(sddl)));
  if (!old || !now) return undefined;
  return [
    ...now.filter((line) => !old.includes(line)).map((line) => `Added: ${line}`),
    ...old.filter((line) => !now.includes(line)).map((line) => `Removed: ${line}`),
  ];
}

function lineOf({ denies, isInherited, rights, sid }: Entry): string {
  const word = RIGHTS.find(([mask]) => mask === rights)?.[1];
  const what = word ?? `special permissions (0x${rights.toString(16)})`;
  return `${accountOf(sid)}: ${denies ? 'denied ' : ''}${what}${isInherited ? ', inherited' : ''}`;
}
