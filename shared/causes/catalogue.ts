import type { CauseId } from '../model/cause.ts';
import type { Finding } from '../model/finding.ts';
import type { StepId } from '../model/record.ts';
import type { Cause, Look } from './cause.ts';
import { EVIDENCE } from './evidence/index.ts';
import { isFault } from './finding.ts';
import { CAUSES } from './index.ts';

/** More of one kind than this are told as one, with their number: a report is read by people. */
const TOLD_ONE_BY_ONE = 4;

/** The causes among the given ones, in the order of the runbook, each once. */
export function inOrder(ids: Iterable<CauseId>): CauseId[] {
  const wanted = new Set(ids);
  return CAUSES.map(({ id }) => id).filter((id) => wanted.has(id));
}

export function causeOf(id: CauseId): Cause {
  const cause = CAUSES.find((one) => one.id === id);
  if (!cause) throw new Error(`shared/causes lacks ${id}`);
  return cause;
}

/** The causes a diagnosis names as faults, in the order of the runbook. */
export function faultsOf(findings: readonly Finding[]): CauseId[] {
  return inOrder(
    findings.flatMap((finding) => (finding.cause !== undefined && isFault(finding) ? [finding.cause] : [])),
  );
}

/** The faults that one step of the runbook repairs. */
export function causesOfStep(step: StepId, faults: readonly CauseId[]): CauseId[] {
  return CAUSES.filter((cause) => cause.step === step && faults.includes(cause.id)).map(({ id }) => id);
}

/** All that is seen: the causes in the order of the runbook, then what else may explain it. */
export function diagnose(look: Look): Finding[] {
  return [...CAUSES, ...EVIDENCE].flatMap((source) => inFew(source.detect(look)));
}

/** One finding for each kind of which there are many, with their number; it says what the first one says. */
function inFew(findings: readonly Finding[]): Finding[] {
  const kinds = Map.groupBy(findings, ({ cause, code, severity }) => `${cause ?? ''} ${code} ${severity}`);
  return [...kinds.values()].flatMap((kind) => {
    const [first] = kind;
    if (first === undefined || kind.length <= TOLD_ONE_BY_ONE) return kind;
    return [{ ...first, data: { ...first.data, count: kind.length } }];
  });
}
