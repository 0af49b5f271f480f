import type { Commands } from '../model/commands.ts';
import type { GuestAction } from '../model/finding.ts';
import type { RemediationRecord } from '../model/record.ts';
import { changesLeft } from '../repair/changes-left.ts';
import { isInWindows, isOfAccess } from '../repair/written.ts';
import { accountOf, changeOfPermissions } from './permissions.ts';
import { capitalised, sentenceCase } from './words.ts';

/** One thing that was changed. */
export interface ChangeView {
  readonly what: string;
  readonly target: string;
  readonly before: string | null;
  readonly after: string | null;
  /** What came and went, a line each, where it is about permissions: their own notation is for programs. */
  readonly permissions: readonly string[];
}

export function viewChange(action: GuestAction): ChangeView {
  const { what, target, before, after } = action;
  return {
    what: isInWindows({ what }) ? capitalised(what) : sentenceCase(what),
    target: nameIn(target),
    before: before === null ? null : nameIn(before),
    after: after === null ? null : nameIn(after),
    permissions: isOfAccess(action) ? permissionsIn(action) : [],
  };
}

/** Of a resource's id its name: whole ids stand with what is kept, and in the commands. */
function nameIn(value: string): string {
  return /^\/subscriptions\/.+\/([^/]+)$/i.exec(value)?.[1] ?? value;
}

function permissionsIn({ before, after }: GuestAction): readonly string[] {
  const isOwner = after !== null && /^S-1(-\d+)+$/.test(after);
  if (!isOwner) return changeOfPermissions(before, after) ?? [];
  return [`Owner: ${before === null ? 'not known' : accountOf(before)}, now ${accountOf(after)}`];
}

/** A change that stays, and how to take it back by hand. */
export type StayingChange = ChangeView & { readonly undo: string; readonly commands: readonly Commands[] };

/** What is different from how the VM was found, the last first: the order in which it is taken back. */
export function viewChanges(record: RemediationRecord): StayingChange[] {
  return (record.changes ?? changesLeft(record))
    .map((change) => ({
      ...viewChange(change),
      undo: change.takeBack || 'Nothing to undo',
      commands: change.commands ?? [],
    }))
    .toReversed();
}
