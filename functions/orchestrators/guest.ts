import type { Done, Look } from '../../shared/causes/cause.ts';
import { owesGroupPolicy } from '../../shared/causes/group-policy.ts';
import { problem } from '../../shared/errors.ts';
import type { Change } from '../../shared/model/change.ts';
import type { GuestAnswer } from '../../shared/model/guest-answer.ts';
import type { GuestTask, WindowsAt } from '../../shared/model/guest-run.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import {
  actionsOf,
  findingsOfOutcomes,
  givesOnlyBack,
  mayHoldPolicyOff,
  wroteSomething,
} from '../../shared/repair/outcomes.ts';
import { recorded } from './operations.ts';
import { keepWayBack } from './deed.ts';
import { secondsSince, sub, type Steps } from './durable.ts';
import { makerOf, type Run, type StepDraft } from './run.ts';

/** A Windows that is mended: the VM's own, or the one on a disk that is attached to a rescue VM. */
export interface Patient {
  readonly vmId: string;
  readonly windows: WindowsAt;
  /** As it was looked at last, and what was done to it so far. */
  look: Look;
}

/** Rounds of mending and looking within one step. */
const ROUNDS = 3;

/** What is to be done for what was seen, in this round; the first is 1. */
export type Plan = (look: Look, round: number) => readonly Change[];

/**
 * Mends what is seen in a Windows as planned, looks again, and goes on while there is something new to be done. Gives back what was
 * carried out.
 */
export function* mend(run: Run, draft: StepDraft, patient: Patient, plan: Plan, from = 1): Steps<Done[]> {
  const before = patient.look.done.length;
  for (let round = from; round <= ROUNDS; round++) {
    const changes = plan(patient.look, round);
    if (changes.length === 0) break;
    const answer = yield* apply(run, draft, patient, changes);
    if (answer.facts === null) break;
  }
  return patient.look.done.slice(before);
}

/**
 * Carries changes out; Windows is looked at again in the same run. How to take them back in a running Windows, and that Group Policy
 * may be held off, is known before it is asked.
 */
export function* apply(
  run: Run,
  draft: StepDraft,
  patient: Patient,
  changes: readonly Change[],
): Steps<GuestAnswer> {
  const { vmId, windows } = patient;
  const nonce = nonceOf(run);
  const isRunning = windows.scope === 'online';
  if (isRunning) yield* registerUndo(run, vmId, nonce, changes);
  const answer = yield* runScript(run, draft, vmId, applying(windows, changes), nonce);
  const done = takeIn(draft, patient, changes, answer);
  if (isRunning && answer.facts) {
    run.policyHeldOff = owesGroupPolicy(answer.facts);
    if (!answer.error && !wroteSomething(done)) forgetUndo(run, nonce);
  }
  return answer;
}

/** The run that carries changes out. Of a disk that is mended, something was looked at before, which begins with the self-test. */
export function applying(windows: WindowsAt, changes: readonly Change[], lookFirst = false): GuestTask {
  const tested = windows.scope === 'offline';
  return { script: 'apply', windows, changes: [...changes], lookFirst, tested };
}

/** Takes in what became of changes, which it gives back, and how Windows looks since. */
export function takeIn(
  draft: StepDraft,
  patient: Patient,
  changes: readonly Change[],
  answer: GuestAnswer,
): Done[] {
  const { look } = patient;
  const done = answer.outcomes.flatMap((outcome): Done[] => {
    const change = changes[outcome.change];
    return change?.do === outcome.do ? [{ change, outcome }] : [];
  });
  patient.look = { ...look, done: [...look.done, ...done], facts: answer.facts ?? look.facts };
  draft.actions.push(...actionsOf(done));
  draft.findings.push(...findingsOfOutcomes(done));
  return done;
}

function* registerUndo(run: Run, vmId: string, nonce: string, changes: readonly Change[]): Steps<void> {
  if (mayHoldPolicyOff(changes)) run.policyHeldOff = true;
  if (!givesOnlyBack(changes)) run.undo.push({ kind: 'undo-guest-changes', schema: 1, vmId, run: nonce });
  yield* keepWayBack(run);
}

function forgetUndo({ undo }: Run, nonce: string): void {
  const at = undo.findIndex((one) => one.kind === 'undo-guest-changes' && one.run === nonce);
  if (at >= 0) undo.splice(at, 1);
}

/** Looks once more, where something else than our own changes may have changed Windows. */
export function* lookAgain(run: Run, draft: StepDraft, patient: Patient): Steps<void> {
  const { vmId, windows, look } = patient;
  const { facts } = yield* runScript(run, draft, vmId, { script: 'collect', windows });
  if (facts) patient.look = { ...look, facts };
}

/** Runs a script on a VM and keeps its evidence; one that could not do its work is a problem of the step, and is given back too. */
export function* runScript(
  run: Run,
  draft: StepDraft,
  vmId: string,
  task: GuestTask,
  nonce: string = nonceOf(run),
): Steps<GuestAnswer> {
  const asked = {
    ...makerOf(run),
    vmId,
    ...(vmId !== run.input.request.options.peerVmId && { location: run.vm.location }),
    ...usualOf(run, vmId),
    task,
    nonce,
    runName: runName(run, task.script),
  };
  const begun = run.context.df.currentUtcDateTime.getTime();
  const running = sub(run.context, SUB_ORCHESTRATIONS.runGuestScript, asked);
  const { answer, evidence } = yield* recorded(run, 'run-script', `${task.script}.ps1`, running);
  learn(run, vmId, secondsSince(run.context, begun));
  draft.evidence.push(...evidence);
  if (answer.error) {
    const failed = problem(
      'GuestScriptFailed',
      `${task.script}: ${answer.error.code}: ${answer.error.message}`,
    );
    draft.error = failed;
    run.record.errors.push(failed);
  }
  return answer;
}

/** How long a script takes on a VM at least, by those that ran there before. */
function usualOf({ scriptSeconds }: Run, vmId: string): { usualSeconds?: number } {
  const shortest = scriptSeconds.get(vmId);
  return shortest === undefined ? {} : { usualSeconds: Math.floor(shortest * TIMING.guestScriptLearnt) };
}

function learn({ scriptSeconds }: Run, vmId: string, seconds: number): void {
  scriptSeconds.set(vmId, Math.min(seconds, scriptSeconds.get(vmId) ?? seconds));
}

/** The same at every replay, and told to nobody but the script. */
export function nonceOf({ context }: Run): string {
  return context.df.newGuid(context.df.instanceId).replaceAll('-', '').toLowerCase();
}

/** Unlike any other run, of this remediation or an earlier one whose run command is still there: its answer would be taken for ours. */
function runName({ record }: Run, script: string): string {
  const runs = record.steps.reduce((count, { evidence }) => count + evidence.length, 0);
  const attempt = record.id.slice(-22);
  return `rdp-medic-${attempt}-${script}-${record.steps.length}-${runs}`;
}
