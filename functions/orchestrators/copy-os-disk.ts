import type { OrchestrationContext } from 'durable-functions';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { make, type Steps } from './durable.ts';

/**
 * A fresh snapshot of the disk, then the copy. The VM is down by now: a copy made from a snapshot of a running VM would lose
 * everything written after it (domain notes, section 3, "Lost writes").
 */
export function* copyOsDisk(
  context: OrchestrationContext,
  copy: { diskId: string; location: string; remediationId: string; expiresAt: string },
): Steps<{ diskId: string }> {
  const snapshotId = yield* make(context, ACTIVITIES.beginSnapshot, { ...copy, role: 'repair-snapshot' });
  const { diskId, remediationId, expiresAt } = copy;
  return {
    diskId: yield* make(context, ACTIVITIES.beginCopyDisk, { diskId, snapshotId, remediationId, expiresAt }),
  };
}
