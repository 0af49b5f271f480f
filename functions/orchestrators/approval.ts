import type { Task } from 'durable-functions';
import { MedicError, problem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { APPROVAL_EVENT } from '../../shared/model/approval.ts';
import { CANCEL_EVENT } from '../../shared/model/cancellation.ts';
import { newAmong } from '../../shared/repair/rehearsal.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { removeRescueVm } from './conclude.ts';
import { act, inSeconds, wait, type Steps } from './durable.ts';
import { rehearse, type Rehearsal } from './rehearse.ts';
import { saveRecord, step, type Run, type StepDraft } from './run.ts';

/**
 * Where the policy wants it, waits for a person before the VM is taken offline: without a place among those that go on at once, and
 * after a while without rescue VM. Gives back what is there for the repair, made again where it had to go; `undefined` for a no, and where
 * a second rehearsal asks for more than was approved.
 * @throws MedicError `Cancelled`.
 */
export function* approvedForOffline(run: Run, rehearsal: Rehearsal): Steps<Rehearsal | undefined> {
  if (run.input.approval === 'not-needed') return rehearsal;
  const waited = yield* step(
    run,
    'approval',
    'Wait for approval of the offline repair',
    'approval',
    function* (draft) {
      // Whoever follows along, and the ticket, must learn that somebody is waited for, and until when.
      yield* saveRecord(run, TIMING.approvalLimit + TIMING.signWithin);
      yield* act(run.context, ACTIVITIES.freePlace, { vmId: run.vm.vmId });
      const answer = yield* answerOfPerson(run, draft);
      draft.state = answer.approved ? 'done' : 'skipped';
      if (answer.approved) yield* takePlaceAgain(run);
      return answer;
    },
  );
  if (!waited.approved) return undefined;
  return waited.rescueVmStands ? rehearsal : yield* rehearseAgain(run, rehearsal);
}

interface Waited {
  approved: boolean;
  /** Whether the wait was short enough to keep it. */
  rescueVmStands: boolean;
}

function* answerOfPerson(run: Run, draft: StepDraft): Steps<Waited> {
  const { df } = run.context;
  const deadline = df.createTimer(inSeconds(run.context, TIMING.approvalLimit));
  const tired = df.createTimer(inSeconds(run.context, TIMING.approvalKeepsRescueVm));
  const answered = df.waitForExternalEvent(APPROVAL_EVENT);
  const cancelled = df.waitForExternalEvent(CANCEL_EVENT);
  const first = yield df.Task.any([answered, cancelled, tired]);
  const rescueVmStands = first !== tired;
  if (rescueVmStands) tired.cancel();
  else yield* removeRescueVm(run);
  // Over meanwhile: a task that has ended wakes nobody any more.
  const isOver = [answered, cancelled].some((task: Task) => task.isCompleted);
  if (!isOver) yield df.Task.any([answered, cancelled, deadline]);
  if (!deadline.isCompleted) deadline.cancel();
  if (cancelled.isCompleted && !answered.isCompleted)
    throw new MedicError('Cancelled', 'It was called off while it waited for approval.');
  const { approved, by } = yield* act(run.context, ACTIVITIES.closeApproval, {
    remediationId: run.input.remediationId,
  });
  draft.detail =
    !answered.isCompleted && !approved
      ? `Nobody answered within ${TIMING.approvalLimit / 3600} hours.`
      : `${approved ? 'Approved' : 'Refused'}${by === '' ? '' : ` by ${by}`}.`;
  return { approved, rescueVmStands };
}

/** As whoever asks anew: it goes on once fewer are at work. */
function* takePlaceAgain(run: Run): Steps<void> {
  const { vmId } = run.vm;
  while (!(yield* act(run.context, ACTIVITIES.takePlace, { vmId })).taken)
    yield* wait(run.context, TIMING.placePause);
}

/** Rescue VM and rehearsal once more, which may ask for no more than what was approved. */
function* rehearseAgain(run: Run, { rehearsed }: Rehearsal): Steps<Rehearsal | undefined> {
  const again = yield* rehearse(run);
  if (!again) return undefined;
  const extra = newAmong(rehearsed?.changes ?? [], again.rehearsed?.changes ?? []);
  if (extra !== undefined) {
    run.record.errors.push(problem('PlanChanged', extra));
    return undefined;
  }
  return { ...again, rehearsed };
}
