import type { OrchestrationContext } from 'durable-functions';
import type { Problem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { OutcomeKind, RemediationRecord, StepId } from '../../shared/model/record.ts';
import type { RemediationInput } from '../../shared/model/request.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { inOrder } from '../../shared/causes/catalogue.ts';
import { adviceFor, advise } from '../../shared/repair/advice.ts';
import { listMade } from '../../shared/repair/azure-commands.ts';
import { actualCosts } from '../../shared/repair/costs.ts';
import { changesLeft } from '../../shared/repair/changes-left.ts';
import { newRecord } from '../../shared/repair/new-record.ts';
import { summarize } from '../../shared/repair/verdict.ts';
import { act, now, sub, type Steps } from './durable.ts';
import { builtAhead } from './rescue-vm-ahead.ts';
import { snapshotSettled } from './snapshot.ts';
import { announce, keepRecord, mandateOf, optionalStep, rescueGroupOf, saveRecord, type Run } from './run.ts';

export type Conclusion = { remediationId: string; outcome: OutcomeKind };

/** What stays on purpose: the way back, and a copy on which the VM stands. */
function rolesToKeep({ snapshot, originalDisk, undo }: RemediationRecord): string[] {
  const onCopy = originalDisk ?? undo.find(({ kind, done }) => kind === 'restore-os-disk' && !done);
  return ['original-disk', ...(snapshot ? ['snapshot'] : []), ...(onCopy ? ['repair-disk'] : [])];
}

/** The steps that make something in Azure: run commands, or the first of what an offline repair needs. */
const MAKES: readonly StepId[] = ['diagnose', 'snapshot'];

/** Said where gpsvc could not be set back. */
const POLICY_HELD_OFF =
  'The Group Policy service (gpsvc) is disabled on this VM and could not be re-enabled: set its start type to automatic and run "gpupdate /force".';

/** Cleans up, writes the verdict, and leaves the report: in every outcome. */
export function* conclude(run: Run, kind: OutcomeKind): Steps<Conclusion> {
  const { record, context } = run;
  run.forward = false;
  yield* tellLateCancellation(run, kind);
  record.warnings.push(...run.ofMovedPort);
  if (run.policyHeldOff) record.warnings.push(POLICY_HELD_OFF);
  if (run.probe) record.probeAfter = run.probe;
  // A dry run changed nothing that would need a way back.
  if (run.input.request.mode === 'rehearse') delete record.snapshot;
  record.changes = changesLeft(record);
  const summary = summarize(kind, record, run.setByPolicy);
  if (record.steps.some(({ id }) => MAKES.includes(id))) yield* clean(run);
  record.outcome = {
    kind,
    summary,
    causes: inOrder(run.causes),
    ...(run.probe?.state === 'healthy' ? { rdpPort: run.rdpPort } : {}),
  };
  advise(record, adviceFor(kind, record));
  if (record.plan) record.plan.costs = actualCosts(run.vm, record, run.settings);
  record.endedAt = now(context);
  announce(context, record, 'ended');
  yield* saveRecord(run);
  return { remediationId: record.id, outcome: kind };
}

/** A word that came after the last point at which it could have acted must not be lost. */
function* tellLateCancellation({ context, record }: Run, kind: OutcomeKind): Steps<void> {
  if (kind === 'cancelled') return;
  const { cancellation } = yield* act(context, ACTIVITIES.readControl, { remediationId: record.id });
  if (!cancellation) return;
  record.cancelled = cancellation;
  record.warnings.push(`The cancel request at ${cancellation.at} came too late to stop anything.`);
}

function* clean(run: Run): Steps<void> {
  const ahead = yield* builtAhead(run);
  yield* snapshotSettled(run);
  const { record, vm, context } = run;
  const cleaned = yield* optionalStep(
    run,
    'clean-up',
    'Delete temporary resources',
    'clean-up',
    false,
    function* (draft) {
      const { problems, ...cleanup } = yield* sub(context, SUB_ORCHESTRATIONS.cleanUp, {
        ...mandateOf(run),
        subscriptionId: vm.subscriptionId,
        resourceGroups: groupsOf(run),
        vmIds: vmsWithScripts(run),
        keep: rolesToKeep(record),
        scriptsFirst: madeScriptsAlone(record),
        madeIds: ahead === undefined ? knownIds(run) : undefined,
      });
      record.cleanup = cleanup;
      record.errors.push(...problems);
      const { removed, kept, leftovers } = cleanup;
      draft.detail = `Deleted ${removed.length}, kept ${kept.length} for rollback, could not delete ${leftovers.length}.`;
      if (leftovers.length > 0) draft.state = 'failed';
      return true;
    },
  );
  if (!cleaned) {
    advise(record, [
      {
        words: 'Temporary resources may still exist. List them.',
        commands: listMade(vm.subscriptionId, record.id),
      },
    ]);
  }
}

/** Where nothing was tried offline, and the snapshot, if there is one, is kept. */
function madeScriptsAlone({ steps, snapshot }: RemediationRecord): boolean {
  const offline = steps.some(({ id }) => id === 'rehearsal' || id === 'offline-repair');
  return !offline && snapshot !== undefined;
}

/**
 * What was made besides, where nobody but this run can have made anything: one that was taken over, or goes back, does not know what the one
 * before it had begun.
 */
function knownIds({ record, input }: Run): string[] | undefined {
  const { snapshot } = record;
  return input.epoch === 1 && snapshot && madeScriptsAlone(record) ? [snapshot.id] : undefined;
}

/** Deletes the rescue VM with what belongs to it, while nothing is attached to it; all else stays. */
export function* removeRescueVm(run: Run): Steps<void> {
  const { vm, record } = run;
  const { problems } = yield* sub(run.context, SUB_ORCHESTRATIONS.cleanUp, {
    ...mandateOf(run),
    forward: false,
    subscriptionId: vm.subscriptionId,
    resourceGroups: [rescueGroupOf(run)],
    vmIds: [],
    keep: ['snapshot', 'original-disk'],
  });
  record.errors.push(...problems);
}

/** Snapshots and copies are made beside the disk, the rescue VM in its own group, all else beside the VM. Each group once. */
function groupsOf(run: Run): string[] {
  const { resourceGroup, osDisk } = run.vm;
  const diskGroup = /\/resourceGroups\/([^/]+)/i.exec(osDisk?.id ?? '')?.[1] ?? resourceGroup;
  const groups = [resourceGroup, rescueGroupOf(run), diskGroup];
  return groups.filter(
    (group, index) => groups.findIndex((other) => other.toLowerCase() === group.toLowerCase()) === index,
  );
}

/** The VM, and its peer where a certificate may have been deleted from there. */
function vmsWithScripts({ vm, causes, input }: Run): string[] {
  const { peerVmId } = input.request.options;
  return [vm.vmId, ...(peerVmId !== undefined && causes.has('rdp-certificate') ? [peerVmId] : [])];
}

/** Ends what another carries on: not a word of it goes into the record. */
export function leaveToAnother({ remediationId }: RemediationInput): Conclusion {
  return { remediationId, outcome: 'failed' };
}

/** Ends a remediation that could not even read its VM: nothing was touched. */
export function* abandon(
  context: OrchestrationContext,
  input: RemediationInput,
  problem: Problem,
): Steps<Conclusion> {
  const record = newRecord(input, now(context));
  record.errors.push(problem);
  record.endedAt = now(context);
  record.outcome = { kind: 'failed', summary: `Nothing was changed: ${problem.message}`, causes: [] };
  record.advice = [problem.next];
  announce(context, record, 'ended');
  yield* keepRecord(context, record);
  return { remediationId: record.id, outcome: 'failed' };
}
