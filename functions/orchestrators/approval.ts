import type { Task, TimerTask } from 'durable-functions';
import { MedicError, problem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { approvalEvent } from '../../shared/model/approval.ts';
import { CANCEL_EVENT } from '../../shared/model/cancellation.ts';
import type { Change } from '../../shared/model/change.ts';
import type { Disruption } from '../../shared/model/disruption.ts';
import { newAmong } from '../../shared/repair/rehearsal.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { removeRescueVm } from './conclude.ts';
import { act, inSeconds, now, wait, type Steps } from './durable.ts';
import { rehearse, type Rehearsal } from './rehearse.ts';
import { announce, saveRecord, step, type Run, type StepDraft } from './run.ts';

/**
 * Where the policy wants it, waits for a person before the VM is taken offline: without a place among those that go on at once, and
 * after a while without rescue VM. Gives back what is there for the repair, made again where it had to go; `undefined` for a no, and where
 * a second rehearsal asks for more than was approved.
 * @throws MedicError `Cancelled`.
 */
export function* approvedForOffline(run: Run, rehearsal: Rehearsal): Steps<Rehearsal | undefined> {
  if (run.input.approval === 'not-needed') return rehearsal;
  const waited = yield* askPerson(run, 'offline', rehearsal.rehearsed?.changes ?? []);
  if (!waited.approved) return undefined;
  return waited.wasLong ? yield* rehearseAgain(run, rehearsal) : rehearsal;
}

/**
 * Whether the VM may be restarted now: by the policy's windows, and by a person where the policy wants one. Whoever has said yes once
 * is not asked again by the same remediation; a no is kept as a warning.
 * @throws MedicError `Cancelled`.
 */
export function* mayRestart(run: Run): Steps<boolean> {
  const { context, input, record } = run;
  const { refusal, approval } = yield* act(context, ACTIVITIES.askPolicy, {
    request: input.request,
    tags: run.vm.tags,
    at: now(context),
    disrupts: 'restart',
    downtimeSeconds: TIMING.restartTakes,
  });
  if (refusal) {
    record.warnings.push(
      `The VM was not restarted. Some changes take effect only after a restart. ${refusal.message}`,
    );
    return false;
  }
  if (!approval) return true;
  run.restartApproved ??= (yield* askPerson(run, 'restart', [])).approved;
  if (!run.restartApproved)
    record.warnings.push(
      'The VM was not restarted because nobody approved it. Some changes take effect only after a restart.',
    );
  return run.restartApproved;
}

interface Waited {
  approved: boolean;
  /** Whether it was so long that the rescue VM had to go. */
  wasLong: boolean;
}

const TITLES: Readonly<Record<Disruption, string>> = {
  offline: 'Wait for approval of the offline repair',
  restart: 'Wait for approval of the restart',
};

function* askPerson(run: Run, about: Disruption, changes: readonly Change[]): Steps<Waited> {
  const { context, record } = run;
  const { phase } = record;
  const plan = yield* hashOfPlan(run, about, changes);
  const expiresAt = inSeconds(context, TIMING.approvalLimit).toISOString();
  // Before the phase begins: whoever sees that a person is waited for sees for what.
  record.question = { about, plan, expiresAt };
  const waited = yield* step(run, 'approval', TITLES[about], 'approval', function* (draft) {
    // Whoever follows along, and the ticket, must learn that somebody is waited for, and until when.
    yield* saveRecord(run, TIMING.approvalLimit + TIMING.signWithin);
    yield* act(context, ACTIVITIES.freePlace, { vmId: run.vm.vmId });
    let answer: Waited;
    try {
      answer = yield* answerOfPerson(run, draft, about, plan);
    } finally {
      delete record.question;
    }
    draft.state = answer.approved ? 'done' : 'skipped';
    if (answer.approved || about === 'restart') yield* takePlaceAgain(run);
    return answer;
  });
  announce(context, record, phase);
  return waited;
}

function* hashOfPlan(run: Run, about: Disruption, changes: readonly Change[]): Steps<string> {
  const { input, vm, expected } = run;
  const { restoreWay, acceptLosses } = input.request.options;
  const { hash } = yield* act(run.context, ACTIVITIES.hashPlan, {
    about,
    remediationId: input.remediationId,
    vmId: vm.vmId,
    osDiskUniqueId: expected?.osDiskUniqueId ?? null,
    changes: [...changes],
    restoreWay,
    acceptLosses,
    policyVersion: input.policyVersion ?? '',
  });
  return hash;
}

function* answerOfPerson(run: Run, draft: StepDraft, about: Disruption, plan: string): Steps<Waited> {
  const { df } = run.context;
  const deadline = df.createTimer(inSeconds(run.context, TIMING.approvalLimit));
  const answered = df.waitForExternalEvent(approvalEvent(about));
  const cancelled = df.waitForExternalEvent(CANCEL_EVENT);
  // No rescue VM stands yet while a restart is asked for.
  const tired =
    about === 'offline' ? df.createTimer(inSeconds(run.context, TIMING.approvalKeepsRescueVm)) : undefined;
  const wasLong = tired !== undefined && (yield* isOutlasted(run, tired, [answered, cancelled]));
  // Over meanwhile: a task that has ended wakes nobody any more.
  const isOver = [answered, cancelled].some((task: Task) => task.isCompleted);
  if (!isOver) yield df.Task.any([answered, cancelled, deadline]);
  if (!deadline.isCompleted) deadline.cancel();
  if (cancelled.isCompleted && !answered.isCompleted)
    throw new MedicError(
      'Cancelled',
      'Cancelled, or stopped by the kill switch, while waiting for approval.',
    );
  const { approved, by } = yield* act(run.context, ACTIVITIES.closeApproval, {
    remediationId: run.input.remediationId,
    plan,
  });
  const answer = { about, approved, by, at: now(run.context), plan };
  run.record.approvals = [...(run.record.approvals ?? []), answer];
  draft.detail =
    !answered.isCompleted && !approved
      ? `Nobody approved it within ${TIMING.approvalLimit / 3600} hours.`
      : `${approved ? 'Approved' : 'Refused'}${by === '' ? '' : ` by ${by}`}.`;
  return { approved, wasLong };
}

/** Whether nobody said anything while the rescue VM was kept; then it is taken away. */
function* isOutlasted(run: Run, tired: TimerTask, words: readonly Task[]): Steps<boolean> {
  const first = yield run.context.df.Task.any([...words, tired]);
  if (first !== tired) {
    tired.cancel();
    return false;
  }
  yield* removeRescueVm(run);
  return true;
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
