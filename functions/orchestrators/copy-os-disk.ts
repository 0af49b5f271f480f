import type { OrchestrationContext } from 'durable-functions';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { make, type Steps } from './durable.ts';

/**
 * A fresh snapshot of the disk, then the copy. The VM is down by now: a copy made from a snapshot of a running VM would lose
 * everything written after it (docs/decisions/0002).
 */
export function* copyOsDisk(
  context: OrchestrationContext,
  copy: {
    diskId: string;
    location: string;
    remediationId: string;
    expiresAt: string;
    notBefore?: string | undefined;
  },
): Steps<{ diskId: string }> {
  const { notBefore, ...made } = copy;
  const snapshotId = yield* make(context, ACTIVITIES.beginSnapshot, {
    ...made,
    role: 'repair-snapshot',
    ...(notBefore !== undefined && { notBefore }),
  });
  const { diskId, remediationId, expiresAt } = made;
  return {
    diskId: yield* make(context, ACTIVITIES.beginCopyDisk, {
      diskId,
      snapshotId,
      remediationId,
      expiresAt,
      role: 'repair-disk',
    }),
  };
}
