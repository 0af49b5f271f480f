import type { RemediationRecord } from '../../../shared/model/record.ts';
import { leftoversOf, tidyUp } from '../../e2e/moving/model/play.ts';
import { INVARIANTS } from '../../e2e/moving/model/invariants/index.ts';
import { nothingIsLeftBehind } from '../../e2e/moving/model/invariants/record.ts';
import type { Played } from '../../e2e/moving/model/played.ts';
import { endOf, type Story } from './arena.ts';
import type { MortalTheatre } from './mortal-theatre.ts';

/** Which of all meetings are played: one in so many of those whose words hold a text. */
export interface Which {
  stories: readonly Story[];
  oneIn: number;
  only: string;
}

/** A call of a story, and what it meets. */
export interface MeetingOf<Trouble> {
  story: Story;
  kind: string;
  trouble: Trouble;
}

export interface Met<Meeting> {
  meeting: Meeting;
  /** Whether it ended as it does undisturbed; otherwise the VM is as it was, with the reason. */
  asEver: boolean;
  faults: string[];
}

export function tellMeeting({ story, kind, trouble }: MeetingOf<{ name: string }>): string {
  return `${story.name}: ${kind} meets ${trouble.name}`;
}

/**
 * Judges what was played, meeting by meeting, once the janitor has been round where something was left.
 * @param usual how the story ends undisturbed
 */
export async function judgeMeetings<Meeting>(
  theatre: MortalTheatre,
  played: readonly Played[],
  meetings: readonly Meeting[],
  { usual, isHeld = () => false }: { usual: string; isHeld?: (meeting: Meeting) => boolean },
): Promise<Met<Meeting>[]> {
  const left = played.filter((one) => leftoversOf(theatre, one).length > 0);
  if (left.length > 0) await tidyUp(theatre, left);
  const met: Met<Meeting>[] = [];
  for (const [index, one] of played.entries()) {
    const meeting = meetings[index];
    if (meeting === undefined) continue;
    const asEver = endOf(one) === usual;
    met.push({ meeting, asEver, faults: await judge(theatre, one, asEver, isHeld(meeting)) });
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

/** Whether a report was kept, where the remediation ended. */
async function hasReport({ stage }: MortalTheatre, record: RemediationRecord): Promise<boolean> {
  const answer = await stage.call('GET', `/api/remediations/${record.id}/report`);
  return answer.ok && (await answer.text()).includes(record.vm.name);
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
