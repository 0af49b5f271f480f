import type { AccessEntry, Sid } from './disk.ts';
import { SID } from './sids.ts';

/** Security descriptors as text ([MS-DTYP] 2.5.1, "Security Descriptor String Format"), as far as the lab's rights go. */

const ALIASES: Readonly<Record<string, Sid>> = {
  SY: SID.system,
  BA: SID.administrators,
  BU: SID.users,
  NS: SID.networkService,
  LS: SID.localService,
  WD: SID.everyone,
  AU: SID.authenticatedUsers,
};
const LETTERS = new Map(Object.entries(ALIASES).map(([letters, sid]) => [sid, letters]));

/** File rights as Windows writes them: letters where there are some, else the mask. */
const RIGHTS: Readonly<Record<AccessEntry['rights'], { text: string; mask: number }>> = {
  F: { text: 'FA', mask: 0x1f01ff },
  M: { text: '0x1301bf', mask: 0x1301bf },
  RX: { text: '0x1200a9', mask: 0x1200a9 },
  R: { text: 'FR', mask: 0x120089 },
  W: { text: 'FW', mask: 0x120116 },
  RW: { text: '0x12019f', mask: 0x12019f },
};
/** Other spellings of the same: generic rights, and the mask without SYNCHRONIZE. */
const ALSO: Readonly<Record<string, AccessEntry['rights']>> = {
  GA: 'F',
  GR: 'R',
  GW: 'W',
  GX: 'RX',
  FX: 'RX',
  GRGW: 'RW',
  FRFW: 'RW',
  GRGX: 'RX',
  FRFX: 'RX',
  FXFR: 'RX',
};

export interface Descriptor {
  owner?: Sid;
  /** `undefined` where the text has no `D:` part. */
  entries?: AccessEntry[];
  inherits: boolean;
}

interface Shown {
  owner: Sid;
  inherits: boolean;
  entries: readonly AccessEntry[];
  inherited: readonly AccessEntry[];
}

/** Owner, group and list; entries from above are marked `ID` and come last. */
export function toSddl({ owner, inherits, entries, inherited }: Shown, isFolder: boolean): string {
  const own = entries.map((entry) => aceText(entry, isFolder, false));
  const above = inherited.map((entry) => aceText(entry, isFolder, true));
  return `O:${sidText(owner)}G:SYD:${inherits ? 'AI' : 'PAI'}${[...own, ...above].join('')}`;
}

function aceText({ sid, rights, type, scope }: AccessEntry, isFolder: boolean, isInherited: boolean): string {
  const passesOn = isFolder ? `OICI${scope === 'children' ? 'IO' : ''}` : '';
  const flags = `${passesOn}${isInherited ? 'ID' : ''}`;
  return `(${type === 'deny' ? 'D' : 'A'};${flags};${RIGHTS[rights].text};;;${sidText(sid)})`;
}

export function sidText(sid: Sid): string {
  return LETTERS.get(sid) ?? sid;
}

/** Reads a descriptor; entries marked as inherited are left out, for they come from above. @throws RangeError for what it cannot be */
export function parseSddl(sddl: string): Descriptor {
  const parts = new Map(
    [...sddl.matchAll(/([OGDS]):((?:(?![OGDS]:)[^(]|\([^)]*\))*)/g)].map(([, part = '', text = '']) => [
      part,
      text,
    ]),
  );
  const owner = parts.get('O');
  const list = parts.get('D');
  if (owner === undefined && list === undefined) throw new RangeError(`${sddl} is no security descriptor`);
  const entries = [...(list ?? '').matchAll(/\(([^)]*)\)/g)].map(([, ace = '']) => parseAce(ace));
  return {
    ...(owner === undefined ? {} : { owner: sidOf(owner) }),
    ...(list === undefined ? {} : { entries: entries.flatMap((entry) => entry ?? []) }),
    inherits: !/^[A-Z]*P/.test(list ?? ''),
  };
}

function parseAce(ace: string): AccessEntry | undefined {
  const [type = '', flags = '', rights = '', , , sid = ''] = ace.split(';');
  if (type !== 'A' && type !== 'D') throw new RangeError(`(${ace}) is no entry of a file`);
  const marks: readonly string[] = flags.match(/../g) ?? [];
  if (marks.includes('ID')) return undefined;
  return {
    sid: sidOf(sid),
    rights: rightsOf(rights),
    type: type === 'D' ? 'deny' : 'allow',
    ...(marks.includes('IO') ? { scope: 'children' as const } : {}),
  };
}

function rightsOf(text: string): AccessEntry['rights'] {
  const also = ALSO[text];
  if (also) return also;
  const mask = /^0x[0-9a-f]+$/i.test(text) ? Number(text) : undefined;
  for (const rights of ['F', 'M', 'RX', 'R', 'W', 'RW'] as const) {
    const known = RIGHTS[rights];
    // SYNCHRONIZE comes and goes with the tool that wrote it.
    const isSame = mask !== undefined && (mask | 0x100000) === (known.mask | 0x100000);
    if (known.text === text || isSame) return rights;
  }
  throw new RangeError(`the lab's files know no right ${text}`);
}

function sidOf(text: string): Sid {
  const sid = ALIASES[text] ?? text;
  if (!/^S-1-[0-9-]+(:.*)?$/.test(sid)) throw new RangeError(`${text} is no SID`);
  return sid;
}
