import type { RemediationRecord } from '../../../shared/model/record.ts';
import { leftoversOf, tidyUp } from '../../e2e/moving/model/play.ts';
import { INVARIANTS } from '../../e2e/moving/model/invariants/index.ts';
import { nothingIsLeftBehind } from '../../e2e/moving/model/invariants/record.ts';
import type { Played } from '../../e2e/moving/model/played.ts';
import { recordsIn } from '../../e2e/support/stored-records.ts';
import { endOf } from './arena.ts';
import type { Met } from './meetings.ts';
import type { MortalTheatre } from './mortal-theatre.ts';

/**
 * Judges what was played, run by run, once the janitor has been round where something was left.
 * @param runs the meetings of each
 * @param usual how the story ends undisturbed
 * @param cameAbout of which meetings
 */
export async function judgeRuns<Meeting>(
  theatre: MortalTheatre,
  played: readonly Played[],
  runs: readonly Meeting[][],
  {
    usual,
    cameAbout,
    isHeld = () => false,
  }: {
    usual: string;
    cameAbout: (meeting: Meeting) => boolean;
    isHeld?: (meeting: Meeting) => boolean;
  },
): Promise<Met<Meeting>[]> {
  const left = played.filter((one) => leftoversOf(theatre, one).length > 0);
  if (left.length > 0) await tidyUp(theatre, left);
  const met: Met<Meeting>[] = [];
  for (const [index, one] of played.entries()) {
    const wanted = runs[index] ?? [];
    const meetings = wanted.filter(cameAbout);
    const missed = wanted.filter((meeting) => !cameAbout(meeting));
    const asEver = endOf(one) === usual;
    const faults = await judge(theatre, one, asEver, wanted.some(isHeld));
    met.push({ meetings, missed, asEver, faults });
  }
  return met;
}

/** The faults of one that was played, with what it left behind and without a report. */
export async function judge(
  theatre: MortalTheatre,
  played: Played,
  asEver: boolean,
  isHeld = false,
): Promise<string[]> {
  played.leftovers = leftoversOf(theatre, played);
  const faults = faultsOf(played, asEver, isHeld);
  const { record } = played;
  return record && !(await hasReport(theatre, record)) ? [...faults, 'there is no report'] : faults;
}

/** Whether a report lies in the storage: of one that has none, the service makes one when it is asked. */
async function hasReport({ storage }: MortalTheatre, { id, vm }: RemediationRecord): Promise<boolean> {
  const report = await recordsIn(storage).readReport(id);
  return report?.includes(vm.name) ?? false;
}

/**
 * Repaired, or as it was with the reason; and all that holds of any run.
 * @param isHeld whether Azure keeps hold of the VM: then it may be down, and that is told
 */
function faultsOf(played: Played, asEver: boolean, isHeld: boolean): string[] {
  const { record, leftovers } = played;
  const end = endOf(played);
  const kind = record?.outcome?.kind ?? '';
  const isRepaired = /^(repaired|rolled-back)/.test(kind) && end.includes(', running on ');
  const isAsFound = end.endsWith(', running on its own disk') || /^not-fixed, running/.test(end);
  const hasReason =
    kind === 'not-fixed' || (record?.errors.length ?? 0) > 0 || (record?.undo.length ?? 0) > 0;
  const isToldDown = isHeld && record?.downSince !== undefined;
  return [
    ...(asEver || isToldDown || isRepaired || (isAsFound && hasReason) ? [] : [`ended ${end}`]),
    ...leftovers.map((id) => `${id} was left behind, by the janitor too`),
    ...INVARIANTS.filter((invariant) => invariant !== nothingIsLeftBehind).flatMap((invariant) =>
      invariant(played),
    ),
  ];
}
