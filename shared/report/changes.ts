import type { GuestAction } from '../model/finding.ts';
import type { RemediationRecord } from '../model/record.ts';
import { sentenceCase } from './words.ts';

/** One thing that was changed, and how to take it back by hand. */
export interface ChangeView {
  readonly what: string;
  readonly target: string;
  readonly before: string | null;
  readonly after: string | null;
}

export function viewChange({ what, target, before, after }: GuestAction): ChangeView {
  return { what: sentenceCase(what), target, before, after };
}

export type UndoableChange = ChangeView & { readonly step: string; readonly undo: string };

/** All changes, the last first: the order in which they are taken back. Those of a rehearsal went with its disk. */
export function viewChanges({ steps }: Pick<RemediationRecord, 'steps'>): UndoableChange[] {
  return steps
    .filter(({ id }) => id !== 'rehearsal')
    .flatMap((step) =>
      step.actions.map((action) => ({ ...viewChange(action), step: step.title, undo: undoOf(action) })),
    )
    .reverse();
}

function undoOf({ before, after }: GuestAction): string {
  if (before !== null) return `Put back: ${before}`;
  return after === null ? 'Nothing to take back' : 'It was not there before: remove it';
}
