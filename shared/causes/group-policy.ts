import type { Change } from '../model/change.ts';
import type { Facts } from '../model/facts.ts';
import type { Finding } from '../model/finding.ts';
import type { Look } from './cause.ts';
import { findingsOf, lastOutcome } from './finding.ts';
import { eachSet, inSet, numberOf, serviceOf } from './look.ts';

/** Below a control set. */
export const GPSVC = 'Services\\gpsvc';
const AUTOMATIC = 2;
const DISABLED = 4;
/** Name of what a repair owes that held Group Policy off. */
const OWED = 'group-policy';

export const GROUP_POLICY_FINDINGS = {
  GroupPolicyServiceDisabled: 'the Group Policy service does not start automatically',
  GroupPolicyNeedsRestart: 'the Group Policy service starts only after a restart of the VM',
  GroupPolicyOwed: 'a repair was interrupted: the computer policies still need a refresh',
  PolicyRefreshIncomplete: 'Group Policy is enabled again; a policy might undo the repair',
} as const;
const found = findingsOf('tls', GROUP_POLICY_FINDINGS);

/** What kept a refresh from its end, though the service itself was given back. */
const REASONS: Readonly<Record<string, string>> = {
  'no-domain-controller':
    'Group Policy is enabled again, but no domain controller responded: a policy might undo the repair at its next refresh',
  'needs-answer':
    'Group Policy is enabled again, but a policy needs a restart or a logon before it is applied: it might undo the repair then',
  'timed-out':
    'Group Policy is enabled again, but the refresh timed out: a policy might undo the repair at its next refresh',
};

/** Whether a repair of ours held Group Policy off in this Windows, and it was not given back since. */
export function owesGroupPolicy({ owed }: Pick<Facts, 'owed'>): boolean {
  return owed.includes(OWED);
}

/** We held Group Policy off, and what we held it off for has come into force: a repair of this very run first needs its restart. */
function isDue({ facts, done }: Look): boolean {
  if (facts.scope === 'offline' || !owesGroupPolicy(facts)) return false;
  const heldNow = done.some(({ change }) => change.do === 'registry' && change.path === GPSVC);
  return !heldNow || serviceOf(facts, 'gpsvc')?.state !== 'Running';
}

/** What became of Group Policy; it is a fault only where a repair of ours owes it. */
export function detectGroupPolicy(look: Look): Finding[] {
  return look.facts.scope === 'offline' ? detectOnDisk(look) : detectRunning(look);
}

function detectOnDisk(look: Look): Finding[] {
  return eachSet(look, (set) =>
    numberOf(look.facts, set, GPSVC, 'Start') === DISABLED
      ? [found('GroupPolicyServiceDisabled', 'info', { start: DISABLED, ...inSet(look, set) })]
      : [],
  );
}

function detectRunning(look: Look): Finding[] {
  const { facts } = look;
  const start = numberOf(facts, facts.sets[0] ?? '', GPSVC, 'Start');
  const isOff = start !== undefined && start !== AUTOMATIC;
  const due = isDue(look);
  const word = lastOutcome(look, 'Refresh-Policy')?.outcome.word ?? '';
  const reason = REASONS[word];
  const waits = due && !isOff && word === 'needs-restart';
  return [
    ...(isOff ? [found('GroupPolicyServiceDisabled', due ? 'fault' : 'warning', { start })] : []),
    ...(waits ? [found('GroupPolicyNeedsRestart', 'fault')] : []),
    ...(due && !isOff && !waits ? [found('GroupPolicyOwed', 'fault', { owed: OWED })] : []),
    ...(reason === undefined ? [] : [found('PolicyRefreshIncomplete', 'warning', { ended: word }, reason)]),
  ];
}

export function giveGroupPolicyBack(look: Look): Change[] {
  return isDue(look) ? [{ do: 'Refresh-Policy' }] : [];
}
