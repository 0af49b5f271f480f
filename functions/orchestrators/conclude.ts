import type { OrchestrationContext } from 'durable-functions';
import { toProblem, type Problem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { OutcomeKind } from '../../shared/model/record.ts';
import type { RemediationInput } from '../../shared/model/request.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { inOrder } from '../../shared/catalog/causes.ts';
import { newRecord } from '../../shared/repair/new-record.ts';
import { adviceFor, summarize } from '../../shared/repair/verdict.ts';
import { act, now, sub, type Steps } from './durable.ts';
import { announce, optionalStep, saveRecord, type Run } from './run.ts';

type Conclusion = { remediationId: string; outcome: OutcomeKind };

/** What stays on purpose: the way back. */
const KEPT_ROLES = ['snapshot', 'original-disk'];

/** Said where gpsvc could not be set back. */
const POLICY_HELD_OFF =
  'The Group Policy service (gpsvc) is disabled on this VM and could not be set back: set its start type to automatic and run "gpupdate /force".';

/** Cleans up, writes the verdict, and leaves the report: in every outcome. */
export function* conclude(run: Run, kind: OutcomeKind): Steps<Conclusion> {
  const { record, context } = run;
  if (run.policyHeldOff) record.warnings.push(POLICY_HELD_OFF);
  if (record.snapshot) yield* clean(run);
  if (run.probe) record.probeAfter = run.probe;
  record.outcome = {
    kind,
    summary: summarize(kind, record, run.setByPolicy),
    causes: inOrder(run.causes),
    ...(run.probe?.state === 'healthy' ? { rdpPort: run.rdpPort } : {}),
  };
  record.advice = adviceFor(kind, record);
  record.endedAt = now(context);
  announce(context, record, 'ended');
  yield* saveRecord(run);
  return { remediationId: record.id, outcome: kind };
}

function* clean(run: Run): Steps<void> {
  const { record, vm, context } = run;
  yield* optionalStep(
    run,
    'clean-up',
    'Delete what was made on the way',
    'clean-up',
    undefined,
    function* (draft) {
      record.cleanup = yield* sub(context, SUB_ORCHESTRATIONS.cleanUp, {
        remediationId: record.id,
        subscriptionId: vm.subscriptionId,
        resourceGroup: vm.resourceGroup,
        keep: KEPT_ROLES,
      });
      const { removed, kept, leftovers } = record.cleanup;
      draft.detail = `Removed ${removed.length}, kept ${kept.length} for the way back, left behind ${leftovers.length}.`;
      if (leftovers.length > 0) draft.state = 'failed';
    },
  );
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
  record.outcome = { kind: 'failed', summary: `Nothing was touched: ${problem.message}`, causes: [] };
  record.advice = [problem.next];
  announce(context, record, 'ended');
  try {
    yield* act(context, ACTIVITIES.saveRecord, { record });
  } catch (error) {
    context.error(`the record of ${record.id} could not be kept: ${toProblem(error).message}`);
  }
  return { remediationId: record.id, outcome: 'failed' };
}
