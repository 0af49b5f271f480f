import type { Done } from '../causes/cause.ts';
import type { Change } from '../model/change.ts';
import type { Facts } from '../model/facts.ts';
import type { PlanRecord } from '../model/record.ts';
import { isGood } from './outcomes.ts';
import { identity } from './plan-changes.ts';
import { wordsOfChange } from './plan-words.ts';

/** What was done on a copy while the VM ran: no more than that may be done for real. */
export interface Rehearsed {
  /** Which Windows it was. */
  readonly windows: Pick<Facts['windows'], 'build' | 'machineGuid'>;
  readonly changes: readonly Change[];
  /** Those of them that the first look asked for; the others came of how they ended. */
  readonly first: readonly Change[];
}

/**
 * Why a disk is not the one that was rehearsed with, in a sentence; `undefined` where it is. "Before" values and thumbprints move on
 * rightly, and are not compared.
 * @param planned what the first look at it asks for
 */
export function departsFrom(
  { windows, changes }: Rehearsed,
  facts: Facts,
  planned: readonly Change[],
): string | undefined {
  const { build, machineGuid } = facts.windows;
  if (build !== windows.build || machineGuid.toLowerCase() !== windows.machineGuid.toLowerCase())
    return 'The disk has a different Windows installation from the one in the rehearsal.';
  if (planned.length === 0) return 'The faults that were repaired in the rehearsal are no longer there.';
  return newAmong(changes, planned);
}

/** The first change that was not rehearsed, in a sentence; `undefined` where all were. */
export function newAmong(rehearsed: readonly Change[], planned: readonly Change[]): string | undefined {
  const known = new Set(rehearsed.map(wanted));
  const extra = planned.find((change) => !known.has(wanted(change)));
  return extra && `The disk now needs a change that was not rehearsed: ${told(extra)}.`;
}

/** The first change that wrote something although the disk did not ask for it, in a sentence; `undefined` where none did. */
export function doneBeyond(planned: readonly Change[], done: readonly Done[]): string | undefined {
  const asked = new Set(planned.map(wanted));
  const extra = done.find(({ change, outcome }) => outcome.wrote.length > 0 && !asked.has(wanted(change)));
  return extra && `The disk no longer needs a change that was rehearsed: ${told(extra.change)}.`;
}

/** A change but for what moves on between two disks: also the certificates that are there. */
function wanted(change: Change): string {
  return change.do === 'Renew-Certificate'
    ? JSON.stringify([change.do, change.others, change.keyAside])
    : identity(change);
}

function told(change: Change): string {
  const { will, details } = wordsOfChange(change);
  return details.length === 0 ? will : `${will} (${details.join(', ')})`;
}

/**
 * The plan with how long the VM would be down (seconds), as measured on the copy.
 * @param updatesPending whether Windows finishes updates at its next start: nobody knows how long that takes
 */
export function withDowntime(
  plan: PlanRecord,
  seconds: number,
  { updatesPending, isDryRun }: { updatesPending: boolean; isDryRun: boolean },
): PlanRecord {
  const longer = updatesPending ? ', or longer, because Windows will finish updates at its next start' : '';
  const measured = `${Math.ceil(seconds / 60)} minutes, based on the rehearsal${longer}.`;
  return {
    ...plan,
    downtime: isDryRun ? `${plan.downtime} For a repair: about ${measured}` : `About ${measured}`,
  };
}

/** The plan with what will be done to the disk: what a person approves, and what a dry run shows. */
export function withRehearsed(plan: PlanRecord, done: readonly Done[]): PlanRecord {
  const lines = done.map((one) =>
    isGood(one)
      ? `Change on the disk, as rehearsed: ${told(one.change)}.`
      : `Change on the disk, which Windows refused in the rehearsal: ${told(one.change)}.`,
  );
  return {
    ...plan,
    lines: [
      ...plan.lines,
      ...new Set(lines),
      'The rehearsal shows that the disk can be repaired, not that Windows starts from it.',
    ],
  };
}
