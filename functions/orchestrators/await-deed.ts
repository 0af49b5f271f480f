import type { OrchestrationContext } from 'durable-functions';
import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Asked } from '../../shared/model/expected.ts';
import type { Operation } from '../../shared/model/operation.ts';
import { pollSeconds, TIMING } from '../../shared/repair/timing.ts';
import { act, requireInTime, secondsSince, untilFirst, wait, type Steps } from './durable.ts';

/**
 * Waits for the end of a deed while the VM may be down: over as well once the VM has settled as the deed leaves it.
 * @throws MedicError.
 */
export function* awaitDeed(
  context: OrchestrationContext,
  { operation, asked }: { operation: Operation; asked: Asked },
): Steps<object> {
  yield* endedOrSeen(context, operation, function* () {
    return (yield* act(context, ACTIVITIES.readDone, { asked })).done;
  });
  return {};
}

/**
 * Waits for the end of an operation, which is polled at the pace that Azure asks for, and that is slow; in between what it works on
 * is looked at. A look that fails says nothing: the operation will.
 * @throws MedicError.
 */
export function* endedOrSeen(
  context: OrchestrationContext,
  operation: Operation,
  isSeen: () => Steps<boolean>,
): Steps<void> {
  const begun = context.df.currentUtcDateTime.getTime();
  let polled = begun;
  for (let current = operation; !current.done;) {
    const waited = secondsSince(context, begun);
    requireInTime(waited);
    const untilPoll = pollSeconds(current.pollAfterSeconds, waited) - secondsSince(context, polled);
    const untilLook = Math.max(1, Math.min(untilPoll, pollSeconds(TIMING.deedLook, waited)));
    yield* wait(context, untilFirst(current, waited) ?? untilLook);
    if (yield* orUnseen(isSeen())) return;
    if (secondsSince(context, polled) < pollSeconds(current.pollAfterSeconds, waited)) continue;
    current = yield* act(context, ACTIVITIES.pollOperation, current);
    polled = context.df.currentUtcDateTime.getTime();
  }
}

function* orUnseen(look: Steps<boolean>): Steps<boolean> {
  try {
    return yield* look;
  } catch (error) {
    if (error instanceof MedicError) return false;
    throw error;
  }
}
