import { CAUSES, inOrder } from '../catalog/causes.ts';
import type { CauseId } from '../model/cause.ts';
import type { Finding } from '../model/guest-result.ts';
import type { StepId } from '../model/record.ts';

/** The causes a diagnosis names as faults, in the order of the catalogue. */
export function faultsOf(findings: readonly Finding[]): CauseId[] {
  return inOrder(
    findings.flatMap(({ cause, severity }) => (cause !== undefined && severity === 'fault' ? [cause] : [])),
  );
}

/** The faults that one step of the runbook repairs. */
export function causesOfStep(step: StepId, faults: readonly CauseId[]): CauseId[] {
  return CAUSES.filter((cause) => cause.step === step && faults.includes(cause.id)).map(({ id }) => id);
}

/** The findings that speak of these causes. */
export function findingsOf(causes: readonly CauseId[], findings: readonly Finding[]): Finding[] {
  return findings.filter(({ cause }) => cause !== undefined && causes.includes(cause));
}
