/** Who may do what with a file or folder, judged from its security descriptor in SDDL (`D:` part; [MS-DTYP] 2.5.1). */

/** Bits of a file's access mask; for a folder: list it, and make files in it. */
export const READ = 0x1;
export const WRITE = 0x2;

const ALL = 0x1f01ff;
const WORDS: Readonly<Record<string, number>> = {
  GA: 0x1000_0000,
  GX: 0x2000_0000,
  GW: 0x4000_0000,
  GR: 0x8000_0000,
  FA: ALL,
  FR: 0x12_0089,
  FW: 0x12_0116,
  FX: 0x12_00a0,
  WO: 0x8_0000,
  WD: 0x4_0000,
  RC: 0x2_0000,
  SD: 0x1_0000,
  CR: 0x100,
  LO: 0x80,
  DT: 0x40,
  WP: 0x20,
  RP: 0x10,
  SW: 0x8,
  LC: 0x4,
  DC: 0x2,
  CC: 0x1,
};
/** What the generic rights mean for a file; they are kept unmapped where a program stored them so. */
const GENERIC: readonly (readonly [number, number])[] = [
  [0x1000_0000, ALL],
  [0x2000_0000, 0x12_00a0],
  [0x4000_0000, 0x12_0116],
  [0x8000_0000, 0x12_0089],
];

const SIDS: Readonly<Record<string, string>> = {
  SY: 'S-1-5-18',
  LS: 'S-1-5-19',
  NS: 'S-1-5-20',
  BA: 'S-1-5-32-544',
  BU: 'S-1-5-32-545',
  AU: 'S-1-5-11',
  SU: 'S-1-5-6',
  WD: 'S-1-1-0',
};

const EVERY_SERVICE = ['S-1-1-0', 'S-1-5-11', 'S-1-5-32-545'];
/** The accounts RDP's key is for, each with the groups in its token. */
export const ACCOUNTS = {
  system: ['S-1-5-18', 'S-1-5-32-544', ...EVERY_SERVICE],
  networkService: ['S-1-5-20', 'S-1-5-6', ...EVERY_SERVICE],
};

export interface Entry {
  readonly denies: boolean;
  readonly isInherited: boolean;
  readonly rights: number;
  readonly sid: string;
}

/** Entries that say something about the thing itself; `undefined`: no list at all, so that everybody may do everything. */
export function entriesOf(sddl: string): Entry[] | undefined {
  const list = /D:([A-Z_]*)((?:\([^)]*\))*)/.exec(sddl);
  if (!list || /NO_ACCESS_CONTROL/.test(list[1] ?? '')) return list ? undefined : [];
  return [...(list[2] ?? '').matchAll(/\(([^)]*)\)/g)].flatMap(([, entry = '']) => {
    const [type = '', flags = '', rights = '', , , sid = ''] = entry.split(';');
    // Others (audit, label, conditional) grant nothing. IO: for what is made below it only.
    if (!['A', 'D'].includes(type) || hasFlag(flags, 'IO')) return [];
    return [
      {
        denies: type === 'D',
        isInherited: hasFlag(flags, 'ID'),
        rights: maskOf(rights),
        sid: SIDS[sid] ?? sid,
      },
    ];
  });
}

function hasFlag(flags: string, flag: string): boolean {
  const words: readonly string[] = flags.match(/../g) ?? [];
  return words.includes(flag);
}

/** Two-letter words one after another, or a number. */
function maskOf(rights: string): number {
  const words: readonly string[] = rights.match(/../g) ?? [];
  const mask = /^\d/.test(rights)
    ? Number(rights)
    : words.reduce((sum, word) => (sum | (WORDS[word] ?? 0)) >>> 0, 0);
  return GENERIC.reduce(
    (sum, [generic, means]) => ((mask & generic) !== 0 ? (sum | means) >>> 0 : sum),
    mask,
  );
}

/** Explicit denials, explicit grants, inherited denials, inherited grants: the order in which Windows keeps and weighs them. */
function rank({ denies, isInherited }: Entry): number {
  return (isInherited ? 2 : 0) + (denies ? 0 : 1);
}

/** Whether an account with these groups has all bits of `wanted`; what a denial reaches before it is granted is refused. */
export function mayAccess(sddl: string, sids: readonly string[], wanted: number): boolean {
  const entries = entriesOf(sddl);
  if (!entries) return true;
  let open = wanted;
  for (const { denies, rights, sid } of entries.toSorted((one, other) => rank(one) - rank(other))) {
    if (!sids.includes(sid)) continue;
    if (denies && (rights & open) !== 0) return false;
    if (!denies) open &= ~rights;
  }
  return open === 0;
}
