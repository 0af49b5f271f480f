import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import type { GuestResult } from '../../shared/model/guest-result.ts';
import { problem } from '../../shared/errors.ts';
import { sub, type Steps } from './durable.ts';
import type { Run, StepDraft } from './run.ts';

/** Runs a script on a VM and writes what it reports into the step. The result is given back, also a failed one. */
export function* runScript(
  run: Run,
  draft: StepDraft,
  vmId: string,
  scriptId: string,
  parameters: Record<string, string> = {},
): Steps<GuestResult> {
  const { result, evidence } = yield* sub(run.context, SUB_ORCHESTRATIONS.runGuestScript, {
    ...run.maker,
    vmId,
    scriptId,
    parameters,
    runName: runName(run, scriptId),
  });
  draft.findings.push(...result.findings);
  draft.actions.push(...result.actions);
  draft.remaining.push(...result.remaining);
  draft.evidence.push(...evidence);
  if (result.error) {
    const failed = problem('GuestScriptFailed', `${scriptId}: ${result.error.code}: ${result.error.message}`);
    draft.error = failed;
    run.record.errors.push(failed);
  }
  return result;
}

/** Unlike any other run of this remediation: a script may be run twice. */
function runName({ record }: Run, scriptId: string): string {
  const runs = record.steps.reduce((count, { evidence }) => count + evidence.length, 0);
  return `rdp-medic-${scriptId.replace('/', '-')}-${record.steps.length}-${runs}`;
}
