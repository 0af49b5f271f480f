import { CAUSES } from '../causes/index.ts';
import { causeOf, diagnose, faultsOf } from '../causes/catalogue.ts';
import type { Cause, Look } from '../causes/cause.ts';
import { numberOf } from '../causes/look.ts';
import type { CauseId } from '../model/cause.ts';
import type { Finding } from '../model/finding.ts';
import type { StepId } from '../model/record.ts';

/** What a look at Windows comes to. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** Causes with a fault, in the order in which they are repaired. */
  readonly faults: readonly CauseId[];
  /** Where RDP is to listen by its settings. */
  readonly rdpPort: number;
}

const RDP_TCP = 'Control\\Terminal Server\\WinStations\\RDP-Tcp';
const RDP_PORT = 3389;

/** Judges what was seen: every cause, and the evidence beside them. */
export function judge(look: Look): Diagnosis {
  const findings = diagnose(look);
  return { findings, faults: faultsOf(findings), rdpPort: portOf(look) };
}

/** A number that is no port counts as the default one: nobody listens there, and a guest's claim is not asked on the wire. */
function portOf({ facts }: Look): number {
  const port = numberOf(facts, facts.sets[0] ?? '', RDP_TCP, 'PortNumber');
  return port !== undefined && port >= 1 && port <= 65_535 ? port : RDP_PORT;
}

/** The faulty causes that one step of the runbook repairs, in its order. */
export function causesToMend(step: StepId, { faults }: Diagnosis): Cause[] {
  return CAUSES.filter((cause) => cause.step === step && faults.includes(cause.id));
}

/** Whether everything that is at fault is a person's to mend: no cause has anything to give, on a disk as little as here. */
export function isForAPerson(look: Look): boolean {
  const { faults } = judge(look);
  return faults.length > 0 && faults.every((id) => causeOf(id).repair(look).length === 0);
}

/** The findings that speak of these causes. */
export function findingsOf(causes: readonly Cause[], { findings }: Diagnosis): Finding[] {
  return findings.filter(({ cause }) => causes.some(({ id }) => id === cause));
}

/** The faults of these causes that are there (still). */
export function faultsAmong(causes: readonly Cause[], diagnosis: Diagnosis): Finding[] {
  return findingsOf(causes, diagnosis).filter(({ severity }) => severity === 'fault');
}
