import type { GuestAction } from '../model/finding.ts';
import { plainName } from './plain-name.ts';

type Values = Pick<GuestAction, 'target' | 'before' | 'after'>;

/** A kind of thing that a guest says it wrote. */
interface Kind {
  /** For people: what was done. */
  readonly does: string;
  /** What is the same thing, done and undone by two kinds; the kind itself without. */
  readonly state?: string;
  /** How to take it back by hand, a sentence or a command; empty where there is nothing to take back. */
  readonly back: (values: Values) => string;
}

/** What the guest's words for what it wrote say to people. */
const KINDS: Readonly<Record<string, Kind>> = {
  access: { does: 'set permissions', back: ({ before }) => `Set the permissions back to ${was(before)}.` },
  'access-owner': {
    does: 'take ownership',
    back: ({ before }) =>
      before === null ? 'Who owned it before could not be read.' : `Make ${before} its owner again.`,
  },
  boot: { does: 'set boot element', back: putBack },
  certificate: {
    does: 'delete certificate',
    back: () => 'It cannot be put back: it was self-signed, and Windows makes a new one.',
  },
  'firewall-action': { does: 'set firewall rule action', back: putBack },
  'firewall-active': {
    does: 'switch on firewall rule',
    back: ({ target }) => command('Disable-NetFirewallRule', target),
  },
  'firewall-address': { does: 'set firewall rule addresses', back: putBack },
  'firewall-make': {
    does: 'create firewall rule',
    back: ({ target }) => command('Remove-NetFirewallRule', target),
  },
  'firewall-off': {
    does: 'switch off firewall rule',
    back: ({ target }) => command('Enable-NetFirewallRule', target),
  },
  'firewall-port': { does: 'set firewall rule port', back: putBack },
  'firewall-profile': { does: 'set firewall rule profiles', back: putBack },
  folder: { does: 'create folder', back: () => 'It was not there before: delete it.' },
  'key-aside': {
    does: 'move damaged key aside',
    back: ({ before, after }) => `Move it from ${was(after)} back to ${was(before)}.`,
  },
  policy: { does: 'refresh Group Policy', back: () => '' },
  registry: { does: 'set registry value', back: registryBack },
  restart: { does: 'restart service', state: 'service', back: runningBack },
  'service-account': { does: 'set service account', back: putBack },
  'service-run': { does: 'start service', state: 'service', back: runningBack },
  'service-start': {
    does: 'set service start type',
    back: ({ target, before }) => command('Set-Service', target, `-StartupType ${was(before)}`),
  },
  'service-stop': { does: 'stop service', state: 'service', back: runningBack },
};

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

/** How to take an action inside Windows back by hand; empty where there is nothing to take back. */
export function windowsBack(action: GuestAction): string {
  const [, kind] = BY_WORDS.get(action.what) ?? [];
  return kind ? kind.back(action) : putBack(action);
}

function putBack({ before }: Values): string {
  return before === null ? 'It was not there before: remove it.' : `Set it back to ${before}.`;
}

function registryBack({ target, before, after }: Values): string {
  if (/\\RDP-Tcp\\PortNumber$/i.test(target))
    return `Set it back to ${was(before)}, and so the port of the rules RemoteDesktop-UserMode-In-TCP and -UDP; then: Restart-Service -Name TermService -Force`;
  return putBack({ target, before, after });
}

function runningBack({ target, before, after }: Values): string {
  if (before === after) return '';
  return after === 'Running' ? command('Stop-Service', target, '-Force') : command('Start-Service', target);
}

/** A command that names what a guest named; where a shell could read more in that, words. */
function command(verb: string, name: string, more = ''): string {
  return plainName(name) === name
    ? [`${verb} -Name '${name}'`, more].filter(Boolean).join(' ')
    : `${verb}, for that name${more === '' ? '' : ` (${more})`}.`;
}

function was(value: string | null): string {
  return value ?? 'what it was';
}
