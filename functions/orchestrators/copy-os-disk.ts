import type { OrchestrationContext } from 'durable-functions';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Maker } from '../../shared/model/mandate.ts';
import { make, type Steps } from './durable.ts';

/**
 * A fresh snapshot of the disk, then the copy. The VM is down by now: a copy made from a snapshot of a running VM would lose
 * everything written after it (docs/decisions/0002).
 */
export function* copyOsDisk(
  context: OrchestrationContext,
  copy: Maker & { diskId: string; location: string; notBefore?: string | undefined },
): Steps<{ diskId: string }> {
  const { notBefore, ...made } = copy;
  const snapshotId = yield* make(context, ACTIVITIES.beginSnapshot, {
    ...made,
    role: 'repair-snapshot',
    ...(notBefore !== undefined && { notBefore }),
  });
  return {
    diskId: yield* make(context, ACTIVITIES.beginCopyDisk, { ...made, snapshotId, role: 'repair-disk' }),
  };
}
