import type { Survivor } from './score.ts';

/**
 * Files that decide whether a VM or a disk is touched, and by whose leave. A mutant of theirs that no test notices has to be reviewed:
 * either a test is written, or it is listed below with the reason why it harms nothing.
 */
export const GUARDS: readonly string[] = [
  'shared/azure/compare.ts',
  'shared/azure/made-kinds.ts',
  'shared/azure/rebuild-vm.ts',
  'shared/azure/sweepable.ts',
  'shared/azure/vm-power.ts',
  'shared/intake/tickets/authenticate.ts',
  'shared/repair/lost.ts',
  'shared/repair/peer.ts',
  'shared/repair/policy/approval.ts',
  'shared/repair/policy/caps.ts',
  'shared/repair/policy/maintenance.ts',
  'shared/repair/policy/rules.ts',
  'shared/repair/policy/source-rules.ts',
  'shared/repair/standing.ts',
  'shared/repair/sweep.ts',
];

/** Text for people: a sentence says nothing to the code. */
export function isWords({ mutator, from }: Survivor): boolean {
  return mutator === 'StringLiteral' && /\s/.test(from.slice(1, -1).trim());
}

/** A surviving mutant of a guard that harms nothing. */
interface Reviewed {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const MILLISECOND = 'the two differ in one millisecond of weeks';
const ALWAYS_A_VM = 'the id was read by `parseVmId` before, so that it always has a value';

export const REVIEWED: readonly Reviewed[] = [
  {
    file: 'shared/repair/lost.ts',
    from: 'now <= Date.parse(nextSignBy)',
    to: 'now < Date.parse(nextSignBy)',
    why: MILLISECOND,
  },
  {
    file: 'shared/repair/lost.ts',
    from: 'now > Date.parse(owner.nextSignBy)',
    to: 'now >= Date.parse(owner.nextSignBy)',
    why: MILLISECOND,
  },
  {
    file: 'shared/repair/policy/maintenance.ts',
    from: 'at < until',
    to: 'at <= until',
    why: 'the end is asked for by itself in the next line',
  },
  {
    file: 'shared/repair/policy/rules.ts',
    from: `''`,
    to: `"Stryker was here!"`,
    why: `${ALWAYS_A_VM}; a source always has a kind`,
  },
  {
    file: 'shared/repair/policy/rules.ts',
    from: 'parseVmId(vmId)?.resourceGroup',
    to: 'parseVmId(vmId).resourceGroup',
    why: ALWAYS_A_VM,
  },
  {
    file: 'shared/repair/policy/rules.ts',
    from: 'parseVmId(vmId)?.subscriptionId',
    to: 'parseVmId(vmId).subscriptionId',
    why: ALWAYS_A_VM,
  },
  {
    file: 'shared/repair/policy/rules.ts',
    from: 'disrupts !== undefined',
    to: 'true',
    why: 'no list of disruptions holds `undefined`, so that the next condition says the same',
  },
  {
    file: 'shared/repair/standing.ts',
    from: `now.ownershipUpdatedAt ?? 'an unknown time'`,
    to: `now.ownershipUpdatedAt && 'an unknown time'`,
    why: 'only the sentence that tells of the difference',
  },
  {
    file: 'shared/repair/sweep.ts',
    from: 'Date.parse(moment) < now',
    to: 'Date.parse(moment) <= now',
    why: MILLISECOND,
  },
  {
    file: 'shared/repair/sweep.ts',
    from: 'now - begun < LONGEST_REMEDIATION_DAYS * DAY',
    to: 'now - begun <= LONGEST_REMEDIATION_DAYS * DAY',
    why: MILLISECOND,
  },
];
