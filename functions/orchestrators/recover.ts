import type { OrchestrationContext } from 'durable-functions';
import { isSuperseded, MedicError, problem, type Problem } from '../../shared/errors.ts';
import { isOfWindows } from '../../shared/model/probe.ts';
import type { OutcomeKind, RemediationRecord } from '../../shared/model/record.ts';
import { remediationInputSchema } from '../../shared/model/request.ts';
import type { UndoOf } from '../../shared/model/undo.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { conclude, leaveToAnother, type Conclusion } from './conclude.ts';
import { standingOf } from './deed.ts';
import { now, wait, type Steps } from './durable.ts';
import { probeWhileBooting } from './look.ts';
import { keepOriginal } from './repair-offline.ts';
import { runsAgain, tellDown } from './outage.ts';
import { makerOf, type Run } from './run.ts';
import { resumeRun } from './start-run.ts';
import { unwind } from './unwind.ts';
import { registerOrchestrator } from './versions.ts';

/**
 * Takes back what a remediation had done that the durable engine lost: the watchdog starts it, by the record alone. Whatever the lost
 * one still had under way has ended when the first thing is taken back, and anything it tries later is refused.
 */
export function* recover(context: OrchestrationContext): Steps<Conclusion> {
  const input = remediationInputSchema.parse(context.df.getInput());
  try {
    const run = yield* resumeRun(context, input);
    closeSteps(run.record, now(context));
    yield* tellIfDown(run);
    yield* wait(context, TIMING.activityLife);
    const repaired = yield* standsRepaired(run);
    // What the lost one knew of Group Policy, Windows still knows.
    run.policyHeldOff = repaired !== undefined || run.undo.some(({ kind }) => kind === 'undo-guest-changes');
    const outcome = repaired ?? 'failed';
    const asFound = yield* unwind(run, outcome);
    return yield* conclude(run, asFound ? outcome : 'failed');
  } catch (error) {
    if (isSuperseded(error)) return leaveToAnother(input);
    throw error;
  }
}

const LOST = 'The Durable Functions instance was lost; the watchdog undoes the changes now.';

/** Nobody worked on the VM while the remediation was lost, and what the lost one had under way is waited for first. */
function* tellIfDown(run: Run): Steps<void> {
  const taken = run.undo.find(({ kind }) => kind === 'start-vm');
  if (taken?.kind !== 'start-vm') return;
  const { now: standing, begun } = yield* standingOf(run, taken, false);
  if (begun && standing?.power !== 'running') yield* tellDown(run, new MedicError('InstanceLost', LOST));
}

function closeSteps(record: RemediationRecord, at: string): void {
  const lost: Problem = problem('InstanceLost');
  record.errors.push(lost);
  for (const step of record.steps.filter(({ state }) => state === 'running'))
    Object.assign(step, { state: 'failed', endedAt: at, error: lost });
  // What Azure was doing has ended by the time that anything else is done.
  for (const operation of record.operations ?? []) operation.endedAt ??= at;
}

/** Where Windows has come up on the repaired disk, it writes to it: only a person may give that up. */
function* standsRepaired(run: Run): Steps<OutcomeKind | undefined> {
  const swapped = run.undo.find((undo) => undo.kind === 'restore-os-disk');
  if (!swapped) return undefined;
  const { now: standing, begun } = yield* standingInTheEnd(run, swapped);
  const onCopy = begun && standing?.osDiskId === swapped.copyId.toLowerCase();
  if (!onCopy || standing.power !== 'running') return undefined;
  const { probe, agentReady } = yield* probeWhileBooting(run, TIMING.settleOnNewDisk);
  // Going back was a person's word, and it has been done.
  if (!run.input.rollback && !agentReady && !isOfWindows(probe)) return undefined;
  runsAgain(run);
  run.asideUntil = makerOf(run).expiresAt;
  run.expected = standing;
  keepOriginal(run);
  if (run.input.rollback) return 'rolled-back';
  return probe.state === 'healthy' ? 'repaired-offline' : 'not-fixed';
}

/** How the VM stands once nothing works on it; where an operation does not end, how it stands meanwhile. */
function* standingInTheEnd(run: Run, undo: UndoOf<'restore-os-disk'>): ReturnType<typeof standingOf> {
  try {
    return yield* standingOf(run, undo, true);
  } catch (error) {
    if (!(error instanceof MedicError) || error.code !== 'AzureConflict') throw error;
    return yield* standingOf(run, undo, false);
  }
}

/** Registers the orchestration under the name by which the watchdog starts it. */
export function registerRecover(): void {
  registerOrchestrator('recover', recover);
}
