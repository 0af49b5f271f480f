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
  stands: 'already set',
  refused: 'Windows refused it',
  freed: 'the program using the port was stopped',
  'no-free-port': 'no free port was found',
  'not-served': 'RDP does not listen after the change',
  restarted: 'the services were restarted',
  'start-failed': 'it does not start',
  hung: 'it does not stop',
  disabled: 'it is disabled',
  repaired: 'permissions restored',
  made: 'the folder was created',
  missing: 'it does not exist',
  renewed: 'Windows created a new one',
  deleted: 'Windows creates a new one at the next start',
  guarded: 'this machine refuses the deletion; a peer may be able to do it',
  'not-renewed': 'Windows did not create a new one',
  set: 'set and read back',
  refreshed: 'the policies were applied',
  'needs-restart': 'takes effect after a restart',
  'no-domain-controller': 'no domain controller answered',
  'needs-answer': 'a policy needs a restart or a logon',
  'timed-out': 'the policy refresh timed out',
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
    return kind === 'Take-Port'
      ? 'RDP was moved to another port'
      : 'changed by somebody else since, so left alone';
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
        ...(change.others ? ['and every other unusable self-signed one'] : []),
        ...(change.keyAside ? ['its damaged key is moved aside'] : []),
      ];
    case 'Set-ServiceStart':
      return [change.service, ...(change.start === 'keep' ? [] : [`start ${change.start}`])];
    case 'Set-FirewallRule':
      return [
        typeof change.rule === 'string' ? change.rule : 'a blocking rule',
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
