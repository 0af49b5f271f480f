import { causeOf } from '../causes/catalogue.ts';
import type { Finding } from '../model/finding.ts';
import type { RemediationRecord } from '../model/record.ts';
import type { Label } from './labels.ts';
import { capitalised } from './words.ts';

/** A finding over the whole remediation: what it was, and what became of it. */
export interface FaultView {
  readonly code: string;
  readonly cause: string;
  readonly detail: string;
  readonly severity: Label;
  readonly afterwards: Label;
}

const SEVERITIES: Readonly<Record<Finding['severity'], Label>> = {
  fault: { text: 'Fault', tone: 'bad' },
  warning: { text: 'Warning', tone: 'warn' },
  info: { text: 'Note', tone: 'plain' },
};

const GONE: Label = { text: 'Gone', tone: 'good' };
const STILL_THERE: Label = { text: 'Still there', tone: 'bad' };
const REPORTED: Label = { text: 'Reported only', tone: 'plain' };

/** Faults and warnings of all steps, each once, worst first; notes are left to the steps. */
export function viewFaults({ steps }: Pick<RemediationRecord, 'steps'>): FaultView[] {
  const seen = new Map<string, Finding>();
  const afterwards = new Map<string, Label>();
  for (const step of steps) {
    const remaining = new Set(step.remaining.map(keyOf));
    for (const finding of [...step.findings, ...step.remaining]) {
      const key = keyOf(finding);
      if (!seen.has(key)) seen.set(key, finding);
      if (remaining.has(key)) afterwards.set(key, STILL_THERE);
      else if (step.state === 'fixed') afterwards.set(key, GONE);
    }
  }
  const worth = [...seen].filter(([, { severity }]) => severity !== 'info');
  worth.sort(([, a], [, b]) => Number(b.severity === 'fault') - Number(a.severity === 'fault'));
  return worth.map(([key, finding]) => ({
    ...viewFinding(finding),
    afterwards: afterwards.get(key) ?? REPORTED,
  }));
}

export type FindingView = Omit<FaultView, 'afterwards'> & { readonly data: string };

export function viewFinding({ code, cause, detail, severity, data }: Finding): FindingView {
  return {
    code,
    cause: cause === undefined ? '' : causeOf(cause).title,
    detail: capitalised(detail),
    severity: SEVERITIES[severity],
    data: Object.entries(data)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join('; '),
  };
}

function keyOf({ cause, code }: Finding): string {
  return `${cause ?? ''}/${code}`;
}
