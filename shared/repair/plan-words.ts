import { PLAIN_OUTCOMES, VERBS, type Change, type RegistryData } from '../model/change.ts';
import { describeChange } from './outcomes.ts';

/** A change as people read it before it is made. */
export interface ChangeWords {
  /** A clause after "will". */
  readonly will: string;
  /** What it is done to, in a few words of ours; empty where `will` says it. */
  readonly details: readonly string[];
  /** What stood there when it was seen: a guest's word. */
  readonly asSeen: string | undefined;
  /** All that it may write. */
  readonly writes: readonly string[];
  /** How it may end, the good ones first, and what each word means. */
  readonly mayEndAs: readonly { readonly word: string; readonly meaning: string }[];
}

/** What the closed words of outcomes mean. */
const MEANINGS: Readonly<Record<string, string>> = {
  written: 'written and read back',
  stands: 'nothing was to be done',
  refused: 'Windows refused it',
  freed: 'what held the port is stopped',
  'no-free-port': 'there is no port to go to',
  'not-served': 'RDP does not listen afterwards',
  restarted: 'they run anew',
  'start-failed': 'it does not start',
  hung: 'it does not stop',
  disabled: 'it is disabled',
  repaired: 'the rights are back',
  made: 'the folder was made',
  missing: 'it is not there',
  renewed: 'Windows made a new one',
  deleted: 'Windows makes a new one when it starts',
  guarded: 'this machine lets nobody delete it: a peer may',
  'not-renewed': 'Windows made no new one',
  set: 'set and read back',
  refreshed: 'the policies were applied',
  'needs-restart': 'it takes effect after a restart',
  'no-domain-controller': 'no domain controller answered',
  'needs-answer': 'a policy asks for a restart or a logon',
  'timed-out': 'the policies took too long',
};

/** What a change will do, write, and how it may end: from the data alone, without a guest. */
export function wordsOfChange(change: Change): ChangeWords {
  const isPlain = change.do === 'registry';
  const outcomes = isPlain ? PLAIN_OUTCOMES : VERBS[change.do].outcomes;
  return {
    will: describeChange(change),
    details: detailsOf(change),
    asSeen: change.do === 'registry' ? shown(change.before) : undefined,
    writes: isPlain ? [] : VERBS[change.do].footprint,
    mayEndAs: outcomes.map((word) => ({ word, meaning: meaningOf(change.do, word) })),
  };
}

function meaningOf(kind: Change['do'], word: string): string {
  if (word === 'moved')
    return kind === 'Take-Port' ? 'RDP has another port' : 'it was changed since, and is left alone';
  return MEANINGS[word] ?? word;
}

function detailsOf(change: Change): string[] {
  switch (change.do) {
    case 'Take-Port':
      return [`port ${change.port}`, ...(change.to === 0 ? [] : [`to ${change.to}`])];
    case 'Restart-RdpServices':
      return [change.services.join(', ')];
    case 'Repair-KeyAccess':
      return [change.what];
    case 'Renew-Certificate':
      return [
        ...change.thumbprints,
        ...(change.others ? ['and every other self-signed one that cannot be used'] : []),
        ...(change.keyAside ? ['its damaged key is moved aside'] : []),
      ];
    case 'Set-ServiceStart':
      return [change.service, ...(change.start === 'keep' ? [] : [`start ${change.start}`])];
    case 'Set-FirewallRule':
      return [
        typeof change.rule === 'string' ? change.rule : 'a rule that blocks',
        `port ${change.port}`,
        change.fields.join(', '),
      ];
    case 'registry':
    case 'Refresh-Policy':
    case 'Set-SerialConsole':
      return [];
  }
}

function shown(data: RegistryData): string {
  if (data === null) return 'not there';
  return Array.isArray(data.data) ? data.data.join(', ') : String(data.data);
}
