import type { GuestAction } from '../model/finding.ts';
import type { RemediationRecord } from '../model/record.ts';
import { changesLeft } from '../repair/changes-left.ts';
import { isInWindows } from '../repair/written.ts';
import { capitalised, sentenceCase } from './words.ts';

/** One thing that was changed. */
export interface ChangeView {
  readonly what: string;
  readonly target: string;
  readonly before: string | null;
  readonly after: string | null;
}

export function viewChange({ what, target, before, after }: GuestAction): ChangeView {
  return { what: isInWindows({ what }) ? capitalised(what) : sentenceCase(what), target, before, after };
}

/** A change that stays, and how to take it back by hand. */
export type StayingChange = ChangeView & { readonly undo: string };

/** What is different from how the VM was found, the last first: the order in which it is taken back. */
export function viewChanges(record: RemediationRecord): StayingChange[] {
  return (record.changes ?? changesLeft(record))
    .map((change) => ({ ...viewChange(change), undo: change.takeBack || 'Nothing to take back' }))
    .toReversed();
}
