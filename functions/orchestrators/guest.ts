import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import type { Finding, GuestResult } from '../../shared/model/guest-result.ts';
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
  addNew(draft.findings, result.findings.map(withoutCauseNoFault));
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

/** A repair script sees again what the diagnosis saw: told once. */
function addNew(known: Finding[], findings: readonly Finding[]): void {
  const seen = new Set(known.map(spelled));
  known.push(...findings.filter((finding) => !seen.has(spelled(finding))));
}

/** PowerShell writes the fields of its hash tables in no fixed order. */
function spelled({ cause, code, severity, detail, data }: Finding): string {
  const fields = Object.entries(data).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([cause, code, severity, detail, fields]);
}

/** What belongs to no cause (a serial console that is off) is worth telling, but no reason for RDP to fail. */
function withoutCauseNoFault(finding: Finding): Finding {
  return finding.cause === undefined && finding.severity === 'fault'
    ? { ...finding, severity: 'info' }
    : finding;
}

/** Unlike any other run, of this remediation or an earlier one whose run command is still there: its answer would be taken for ours. */
function runName({ record }: Run, scriptId: string): string {
  const runs = record.steps.reduce((count, { evidence }) => count + evidence.length, 0);
  const attempt = record.id.slice(-22);
  return `rdp-medic-${attempt}-${scriptId.replace('/', '-')}-${record.steps.length}-${runs}`;
}
