import { APPROVAL_EVENT, approvalSchema } from '../../shared/model/approval.ts';
import type { Steps } from './durable.ts';
import { saveRecord, step, type Run } from './run.ts';

/** How long a person has to answer; no answer is a no. */
const HOURS_TO_ANSWER = 24;

/** Where the policy wants it, waits for a person before the VM is taken offline. */
export function* approvedForOffline(run: Run): Steps<boolean> {
  if (run.input.approval === 'not-needed') return true;
  let approved = false;
  yield* step(run, 'approval', 'Wait for approval of the offline repair', 'approval', function* (draft) {
    // Whoever follows along, and the ticket, must learn that somebody is waited for.
    yield* saveRecord(run);
    const { df } = run.context;
    const deadline = df.createTimer(new Date(df.currentUtcDateTime.getTime() + HOURS_TO_ANSWER * 3_600_000));
    const event = df.waitForExternalEvent(APPROVAL_EVENT);
    const winner = yield df.Task.any([event, deadline]);
    if (winner === event) {
      deadline.cancel();
      const answer = approvalSchema.safeParse(event.result);
      approved = answer.success && answer.data.approved;
      draft.detail = answer.success
        ? `${approved ? 'Approved' : 'Refused'}${answer.data.by ? ` by ${answer.data.by}` : ''}.`
        : 'The answer could not be read, so it counts as a no.';
    } else {
      draft.detail = `Nobody answered within ${HOURS_TO_ANSWER} hours.`;
    }
    draft.state = approved ? 'done' : 'skipped';
  });
  return approved;
}
