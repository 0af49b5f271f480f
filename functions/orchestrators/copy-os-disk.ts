import type { OrchestrationContext } from 'durable-functions';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { complete, make, type Steps } from './durable.ts';

/**
 * Deallocate, then a fresh snapshot, then the copy: a copy made from a snapshot of a running VM would lose
 * everything written after it (domain notes, section 3, "Lost writes").
 */
export function* copyOsDisk(
  context: OrchestrationContext,
  input: { vmId: string; diskId: string; location: string; remediationId: string; expiresAt: string },
): Steps<{ diskId: string }> {
  const { vmId, ...copy } = input;
  yield* complete(context, ACTIVITIES.beginDeallocate, { vmId });
  const snapshotId = yield* make(context, ACTIVITIES.beginSnapshot, { ...copy, role: 'repair-snapshot' });
  const { diskId, remediationId, expiresAt } = copy;
  return {
    diskId: yield* make(context, ACTIVITIES.beginCopyDisk, { diskId, snapshotId, remediationId, expiresAt }),
  };
}
