/**
 * Who may do what with RDP's keys, from the text of a descriptor (`D:` part; [MS-DTYP] 2.5.1). Twin of
 * `guest/lib/access.ps1`, word by word, so that both write the same text.
 */

const SIDS: Readonly<Record<string, string>> = {
  SY: 'S-1-5-18',
  NS: 'S-1-5-20',
  BA: 'S-1-5-32-544',
  BU: 'S-1-5-32-545',
  AU: 'S-1-5-11',
  SU: 'S-1-5-6',
  WD: 'S-1-1-0',
};
const EVERYBODY = ['S-1-1-0', 'S-1-5-11', 'S-1-5-32-545'];
const SYSTEM = ['S-1-5-18', 'S-1-5-32-544', ...EVERYBODY];
const NETWORK_SERVICE = ['S-1-5-20', 'S-1-5-6', ...EVERYBODY];
/** Denials of these keep Windows itself out; those of others are their business. */
const OURS = [...new Set([...SYSTEM, ...NETWORK_SERVICE])];

/** Read is bit 1, write bit 2; of the letters only those that hold one of the two. */
const READ_WRITE: Readonly<Record<string, number>> = {
  FA: 3,
  GA: 3,
  FR: 1,
  GR: 1,
  CC: 1,
  FW: 2,
  GW: 2,
  DC: 2,
};
/** The runbook's grants: Administrators and SYSTEM everything, NETWORK SERVICE to read. What cures comes last. */
const GRANTS = [
  { text: '(A;;FA;;;BA)', sid: 'S-1-5-32-544', bits: 3 },
  { text: '(A;;FA;;;SY)', sid: 'S-1-5-18', bits: 3 },
  { text: '(A;;FR;;;NS)', sid: 'S-1-5-20', bits: 1 },
];

interface Entry {
  text: string;
  denies: boolean;
  isInherited: boolean;
  /** For what is made below it only. */
  isForChildren: boolean;
  bits: number;
  sid: string;
}

/** All entries; `undefined` where there is no list at all, so that everybody may do everything. */
function entriesOf(sddl: string): Entry[] | undefined {
  if (sddl.includes('NO_ACCESS_CONTROL')) return undefined;
  return [...sddl.matchAll(/\(([^)]*)\)/g)].map(([text, entry = '']) => {
    const [type = '', flags = '', rights = '', , , sid = ''] = entry.split(';');
    return {
      text,
      denies: type === 'D',
      isInherited: hasFlag(flags, 'ID'),
      isForChildren: hasFlag(flags, 'IO') || (type !== 'A' && type !== 'D'),
      bits: bitsOf(rights),
      sid: SIDS[sid] ?? sid,
    };
  });
}

function hasFlag(flags: string, flag: string): boolean {
  const marks: readonly string[] = flags.match(/../g) ?? [];
  return marks.includes(flag);
}

function bitsOf(rights: string): number {
  const words: readonly string[] = rights.match(/../g) ?? [];
  if (!rights.startsWith('0x')) return words.reduce((sum, word) => sum | (READ_WRITE[word] ?? 0), 0);
  const mask = Number(rights);
  const generic = [0x1000_0000, 0x8000_0000, 0x4000_0000].map((bit) => Math.floor(mask / bit) % 2 === 1);
  return (mask & 3) | (generic[0] ? 3 : 0) | (generic[1] ? 1 : 0) | (generic[2] ? 2 : 0);
}

/** Own denials, own grants, inherited denials, inherited grants: as Windows keeps and weighs them. */
function rank({ denies, isInherited }: Entry): number {
  return (isInherited ? 2 : 0) + (denies ? 0 : 1);
}

function may(entries: readonly Entry[], sids: readonly string[], wanted: number): boolean {
  let open = wanted;
  const order = [0, 1, 2, 3].flatMap((place) => entries.filter((entry) => rank(entry) === place));
  for (const { denies, bits, sid, isForChildren } of order) {
    if (isForChildren || !sids.includes(sid)) continue;
    if (denies && (bits & open) !== 0) return false;
    if (!denies) open &= ~bits;
  }
  return open === 0;
}

/** Windows can use it: TermService reads as NETWORK SERVICE, SYSTEM replaces RDP's own. */
export function isUsable(sddl: string, systemBits: number): boolean {
  const entries = entriesOf(sddl);
  return !entries || (may(entries, SYSTEM, systemBits) && may(entries, NETWORK_SERVICE, 1));
}

/** The same descriptor with the runbook's grants and without what keeps Windows out; cut off from above where that denies. */
export function mended(sddl: string): string {
  const entries = entriesOf(sddl) ?? [];
  const kept = entries.filter(
    ({ denies, sid, isForChildren }) => !(denies && !isForChildren && OURS.includes(sid)),
  );
  const isCutOff = entries.some((entry) => entry.isInherited && !kept.includes(entry));
  const own = kept.filter(({ isInherited }) => isCutOff || !isInherited);
  const flags = /^D:([A-Z]*)/.exec(sddl)?.[1] ?? '';
  const added = GRANTS.filter(
    ({ sid, bits }) =>
      !kept.some(
        (entry) => !entry.denies && !entry.isForChildren && entry.sid === sid && (entry.bits & bits) === bits,
      ),
  );
  return `D:${isCutOff && !flags.includes('P') ? 'P' : ''}${flags}${own.map(ownText).join('')}${added.map(({ text }) => text).join('')}`;
}

/** An inherited entry as one of its own. */
function ownText({ text, isInherited }: Entry): string {
  return isInherited ? text.replace(/^(\([AD];(?:..)*?)ID((?:..)*;)/, '$1$2') : text;
}

/** The own entries as a set, and whether it takes more from above: what counts when two descriptors are compared. */
export function comparableAccess(sddl: string): string {
  const own = (entriesOf(sddl) ?? [])
    .filter(({ isInherited }) => !isInherited)
    .map(({ text }) => text.replace(/^(\([AD];)(?:OI|CI)+/, '$1'));
  return `${/^D:[A-Z]*P/.test(sddl) ? 'P' : ''}${own.toSorted().join('')}`;
}
