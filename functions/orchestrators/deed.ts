import { MedicError, type Problem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { DurableCall } from '../../shared/model/durable-call.ts';
import type { Asked, Deed, DeedKind, Expected } from '../../shared/model/expected.ts';
import type { Operation } from '../../shared/model/operation.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { act, ended, now, sub, type Steps } from './durable.ts';
import { recorded } from './operations.ts';
import { tellDown } from './outage.ts';
import { mandateOf, saveRecord, type Run } from './run.ts';

/**
 * Names the next deed on the VM and what it has to find. A deed before it whose end is unknown is looked at first. Whatever takes
 * the deed back is registered between this and `carryOut`.
 */
export function* prepare(run: Run, kind: DeedKind, osDiskId: string | null = null): Steps<Deed> {
  refuseTakenOver(run);
  yield* lookAgain(run);
  const { expected, vm } = run;
  if (!expected) throw new MedicError('UnmanagedDisk', `${vm.name} has no managed OS disk.`);
  run.deeds += 1;
  const deed: Deed = {
    vmId: vm.vmId,
    ...mandateOf(run),
    intent: `${run.deeds}-${kind}`,
    expected,
  };
  run.asked = { kind, deed, osDiskId: osDiskId?.toLowerCase() ?? null, ended: false };
  return deed;
}

/**
 * Does what was prepared, waits for its end, and looks how the VM stands afterwards. Gives back whether it was asked for just now, and not
 * found done.
 * @throws MedicError.
 */
export function* carryOut<Input extends Deed>(
  run: Run,
  contract: DurableCall<Input, Operation>,
  input: Input,
): Steps<boolean> {
  const isAsked = yield* askFor(run, contract, input);
  hasEnded(run);
  yield* lookAgain(run);
  return isAsked;
}

/** As `carryOut`, without the look; how to take it back stands in the record by then. @throws MedicError. */
export function* askFor<Input extends Deed>(
  run: Run,
  contract: DurableCall<Input, Operation>,
  input: Input,
): Steps<boolean> {
  const { asked } = run;
  try {
    if (asked) return yield* recorded(run, asked.kind, run.vm.name, doAsked(run, contract, input));
    return yield* doAsked(run, contract, input);
  } catch (error) {
    if (asked) noteWhoStopped(run, asked.kind, error);
    refuseTakenOver(run);
    throw error;
  }
}

/** Who stops a VM that we are starting, restarting or stopping leaves no other trace than the failure of our own operation. */
function noteWhoStopped(run: Run, kind: DeedKind, error: unknown): void {
  const { vm, record, context } = run;
  if (kind === 'start' || kind === 'restart') {
    if (!wasStopped(error)) return;
    // We took it down, whoever wants it so now: that it is down is told.
    if (kind === 'start') record.downSince ??= now(context);
    run.takenOver = `Somebody else stopped ${vm.name} while it was being ${kind}ed.`;
  }
  if ((kind === 'deallocate' || kind === 'power-off') && wasPreempted(error))
    run.stoppedInstead = `somebody else stopped it while it was being ${kind === 'deallocate' ? 'deallocated' : 'stopped'}`;
}

function* doAsked<Input extends Deed>(
  run: Run,
  contract: DurableCall<Input, Operation>,
  input: Input,
): Steps<boolean> {
  yield* keepWayBack(run);
  const operation = yield* act(run.context, contract, input, (problem) => waitsFor(run, problem));
  const { asked } = run;
  if (operation.done) return operation.state !== '';
  if (asked && SHOWS.includes(asked.kind))
    yield* sub(run.context, SUB_ORCHESTRATIONS.awaitDeed, { operation, asked });
  else yield* ended(run.context, operation);
  return true;
}

/** Deeds without which a VM that is down stays so. */
const LEAD_UP: readonly DeedKind[] = ['start', 'swap-os-disk', 'recreate-vm'];

function* waitsFor(run: Run, { code, message }: Problem): Steps<void> {
  if (run.asked && LEAD_UP.includes(run.asked.kind)) yield* tellDown(run, new MedicError(code, message));
}

/** Keeps in the record how to take back what is about to be done. @throws MedicError where it goes forward and cannot be kept. */
export function* keepWayBack(run: Run): Steps<void> {
  const kept = yield* saveRecord(run);
  if (!kept && run.forward)
    throw new MedicError('AzureUnavailable', 'The record could not be saved, so the remediation stops here.');
}

/** Deeds whose end shows on the VM itself. */
const SHOWS: readonly DeedKind[] = ['deallocate', 'power-off', 'start', 'swap-os-disk'];

/** @throws MedicError `Moved`. */
function refuseTakenOver({ takenOver }: Run): void {
  if (takenOver !== undefined) throw new MedicError('Moved', takenOver);
}

/** Azure said that what was asked for last succeeded. */
export function hasEnded(run: Run): void {
  const { asked } = run;
  if (!asked) return;
  run.asked = { ...asked, ended: true };
  if (asked.kind === 'deallocate' || asked.kind === 'power-off') run.stoppedAt = now(run.context);
}

/** A start, and a restart, gives way to whoever wants the VM off; Azure calls it preempted. What was canceled without a reason may have been. */
function wasStopped(error: unknown): boolean {
  return (
    wasPreempted(error) || (error instanceof MedicError && error.message.startsWith('Operation was canceled'))
  );
}

function wasPreempted(error: unknown): boolean {
  return error instanceof MedicError && /^OperationPreempted\b/.test(error.message);
}

/** Looks at the end of the last deed, where it has not been looked at. @throws MedicError `Moved`, `VmNotFound`. */
export function* lookAgain(run: Run): Steps<void> {
  const { asked } = run;
  if (!asked) return;
  yield* look(run, asked);
  run.asked = undefined;
}

/** How the VM of a deed stands now, whatever was expected; `begun`: whether the deed itself was. `settled`: once nothing works on it. */
export function standingOf(
  { context, record }: Run,
  { vmId, intent }: Pick<Deed, 'vmId' | 'intent'>,
  settled: boolean,
): Steps<{ now: Expected | null; begun: boolean }> {
  return act(context, ACTIVITIES.readStanding, { vmId, remediationId: record.id, intent, settled });
}

/** Takes how the VM stands now for what is expected from here on, if it is what this deed of ours leaves. */
export function* look(run: Run, asked: Asked): Steps<void> {
  const { now } = yield* act(run.context, ACTIVITIES.readExpected, { asked });
  if (!now) {
    if (asked.kind === 'delete-vm') run.deletedBy = asked.deed.intent;
    return;
  }
  run.deletedBy = undefined;
  if (now.power === 'running') run.stoppedInstead = undefined;
  run.expected = now;
  for (const undo of run.undo) if ('expected' in undo) undo.expected = now;
}
