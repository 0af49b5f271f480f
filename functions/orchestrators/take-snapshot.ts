import type { OrchestrationContext } from 'durable-functions';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Maker } from '../../shared/model/mandate.ts';
import { make, type Steps } from './durable.ts';

/** Snapshot of the OS disk first: nothing is changed before it exists. */
export function* takeSnapshot(
  context: OrchestrationContext,
  input: Maker & { diskId: string; location: string },
): Steps<{ id: string }> {
  return { id: yield* make(context, ACTIVITIES.beginSnapshot, { ...input, role: 'snapshot' }) };
}
