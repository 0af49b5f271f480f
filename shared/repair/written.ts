import type { GuestAction } from '../model/finding.ts';
import {
  accessBack,
  cmdlet,
  inWords,
  keyBack,
  NOTHING,
  ownerBack,
  putBack,
  registryBack,
  runningBack,
  startTypeBack,
  type Back,
} from './windows-commands.ts';

type Values = Pick<GuestAction, 'target' | 'before' | 'after'>;

/** A kind of thing that a guest says it wrote. */
interface Kind {
  /** For people: what was done. */
  readonly does: string;
  /** What is the same thing, done and undone by two kinds; the kind itself without. */
  readonly state?: string;
  /** How to take it back by hand. */
  readonly back: (values: Values) => Back;
}

/** What the guest's words for what it wrote say to people. */
const KINDS: Readonly<Record<string, Kind>> = {
  access: { does: 'set permissions', back: accessBack },
  'access-owner': { does: 'take ownership', back: ownerBack },
  boot: { does: 'set boot setting', back: putBack },
  certificate: {
    does: 'delete certificate',
    back: () => inWords('Cannot be undone: it was self-signed, and Windows creates a new one.'),
  },
  'firewall-action': { does: 'set firewall rule action', back: putBack },
  'firewall-active': {
    does: 'enable firewall rule',
    back: ({ target }) => cmdlet('Disable it again', 'Disable-NetFirewallRule', target),
  },
  'firewall-address': { does: 'set firewall rule addresses', back: putBack },
  'firewall-make': {
    does: 'create firewall rule',
    back: ({ target }) => cmdlet('Remove it', 'Remove-NetFirewallRule', target),
  },
  'firewall-off': {
    does: 'disable firewall rule',
    back: ({ target }) => cmdlet('Enable it again', 'Enable-NetFirewallRule', target),
  },
  'firewall-port': { does: 'set firewall rule port', back: putBack },
  'firewall-profile': { does: 'set firewall rule profiles', back: putBack },
  folder: { does: 'create folder', back: () => inWords('It did not exist before: delete it.') },
  'key-aside': { does: 'move damaged key aside', back: keyBack },
  policy: { does: 'refresh Group Policy', back: () => NOTHING },
  registry: { does: 'set registry value', back: registryBack },
  restart: { does: 'restart service', state: 'service', back: runningBack },
  'service-account': { does: 'set service account', back: putBack },
  'service-run': { does: 'start service', state: 'service', back: runningBack },
  'service-start': { does: 'set service start type', back: startTypeBack },
  'service-stop': { does: 'stop service', state: 'service', back: runningBack },
};

/** What changes who may do what: told in words of people, and not in SDDL alone. */
const OF_ACCESS: readonly string[] = ['access', 'access-owner', 'folder'].flatMap(
  (kind) => KINDS[kind]?.does ?? [],
);

const BY_WORDS: ReadonlyMap<string, [string, Kind]> = new Map(
  Object.entries(KINDS).map(([name, kind]) => [kind.does, [name, kind]]),
);

/** A word of a guest that is not ours stays what it is. */
export function wordsOfWritten(word: string): string {
  return KINDS[word]?.does ?? word;
}

/** Whether an action of the record was done inside Windows, by its words. */
export function isInWindows({ what }: Pick<GuestAction, 'what'>): boolean {
  return BY_WORDS.has(what);
}

/** What an action inside Windows is about, so that one which undoes another is known by it. */
export function thingOf({ what, target }: Pick<GuestAction, 'what' | 'target'>): string {
  const [name, kind] = BY_WORDS.get(what) ?? [what, undefined];
  return `${kind?.state ?? name} ${target.toLowerCase()}`;
}

/** Whether an action is about permissions, by its words: its values are security descriptors or SIDs. */
export function isOfAccess({ what }: Pick<GuestAction, 'what'>): boolean {
  return OF_ACCESS.includes(what);
}

/** How to take an action inside Windows back by hand. */
export function windowsBack(action: GuestAction): Back {
  const [, kind] = BY_WORDS.get(action.what) ?? [];
  return kind ? kind.back(action) : putBack(action);
}
