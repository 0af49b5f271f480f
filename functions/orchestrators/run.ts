import type { OrchestrationContext } from 'durable-functions';
import { MedicError, toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { RepairOptions } from '../../shared/causes/cause.ts';
import type { CauseId } from '../../shared/model/cause.ts';
import type { Asked, Expected } from '../../shared/model/expected.ts';
import type { Inspection } from '../../shared/model/inspection.ts';
import type { ProbeResult } from '../../shared/model/probe.ts';
import type { Phase, RemediationRecord, StepId, StepRecord } from '../../shared/model/record.ts';
import type { RemediationInput } from '../../shared/model/request.ts';
import type { Undo } from '../../shared/model/undo.ts';
import { newRecord } from '../../shared/repair/new-record.ts';
import { backoffSeconds } from '../../shared/repair/timing.ts';
import { act, now, wait, type Steps } from './durable.ts';
import type { Patient } from './guest.ts';

/** One remediation under way: what is known, what was done, and how to take it back. */
export interface Run {
  readonly context: OrchestrationContext;
  readonly input: RemediationInput;
  readonly record: RemediationRecord;
  /** Registered before each change, unwound last in, first out. */
  readonly undo: Undo[];
  /** The VM as it was found. */
  vm: Inspection;
  /** How VM and OS disk stood when they were last looked at, or after the last deed of our own; `null`: no managed OS disk. */
  expected: Expected | null;
  /** The deed whose end has not been looked at yet. */
  asked: Asked | undefined;
  /** How many deeds there were: their intents are numbered. */
  deeds: number;
  /** What somebody did that only we can know of, and that ends every further deed. */
  takenOver: string | undefined;
  /** The intent by which we deleted the VM, while it is gone. */
  deletedBy: string | undefined;
  /** What RDP said last, and on which port it is now. */
  probe: ProbeResult | undefined;
  rdpPort: number;
  /** The VM's own Windows, as it was looked at through the agent; `undefined` where nothing could be asked. */
  patient: Patient | undefined;
  /** As Windows calls itself: who is expected to answer on the wire. */
  computerName: string | undefined;
  /** Every cause that was found on the way. */
  readonly causes: Set<CauseId>;
  /** Whether gpsvc is disabled by us, so that a fix survives the restart. */
  policyHeldOff: boolean;
  /** What is known of the original disk, while a copy is repaired: true again when all is taken back. */
  ofOriginal: { policyHeldOff: boolean; rdpPort: number; warnings: string[] } | undefined;
  /** When it was down although we tried to bring it up: told whatever else is taken back. */
  readonly downtimes: string[];
  /** Name of the policy that puts a fault back. */
  setByPolicy: string | undefined;
  /** Until when the original disk is kept, once it was put aside. */
  asideUntil: string | undefined;
}

const RDP_PORT = 3389;
const DAY = 24 * 3600 * 1000;

/** Begins: reads the VM once, before anything else. @throws MedicError `VmNotFound`, `AccessDenied`. */
export function* startRun(context: OrchestrationContext, input: RemediationInput): Steps<Run> {
  const startedAt = now(context);
  const record = newRecord(input, startedAt);
  announce(context, record, 'preflight');
  const vm = yield* act(context, ACTIVITIES.inspectVm, { vmId: input.request.vmId });
  record.vm = {
    ...record.vm,
    name: vm.name,
    location: vm.location,
    generation: vm.generation,
    ...(vm.osVersion === null ? {} : { osVersion: vm.osVersion }),
  };
  return {
    context,
    input,
    record,
    undo: [],
    vm,
    expected: vm.expected,
    asked: undefined,
    deeds: 0,
    takenOver: undefined,
    deletedBy: undefined,
    probe: undefined,
    rdpPort: RDP_PORT,
    patient: undefined,
    computerName: undefined,
    causes: new Set(),
    policyHeldOff: false,
    ofOriginal: undefined,
    downtimes: [],
    setByPolicy: undefined,
    asideUntil: undefined,
  };
}

/** Who makes something now, and until when it may live: what is put aside after a long wait is kept as long as any other. */
export function makerOf({ context, input }: Run): { remediationId: string; expiresAt: string } {
  const expires = context.df.currentUtcDateTime.getTime() + input.request.options.keepDays * DAY;
  return { remediationId: input.remediationId, expiresAt: new Date(expires).toISOString() };
}

/** What request and wire say to the causes. */
export function repairOptionsOf({ input, vm, record, patient }: Run): RepairOptions {
  const { legacyTls, newRdpPort } = input.request.options;
  return {
    legacyTls,
    newRdpPort,
    // Who holds a port cannot be seen on a disk; that it is not RDP, the wire has said.
    portHeldByOther: record.probeBefore?.state === 'not-rdp' && !patient,
    agentAnswers: vm.agentReady,
    rdpSources: input.request.options.adminAddresses,
  };
}

/** Where RDP is asked on the wire, and who is expected to answer, once Windows has said what it is called. */
export function wireOf({ vm, rdpPort, computerName }: Run): {
  addresses: string[];
  port: number;
  expect?: { computerName: string };
} {
  const known = computerName !== undefined && computerName !== '';
  return { addresses: addressesOf(vm), port: rdpPort, ...(known && { expect: { computerName } }) };
}

/** What a step tells of itself; times and the place in the record are seen to. */
export type StepDraft = Omit<StepRecord, 'startedAt' | 'endedAt'>;

/**
 * Runs one step of the runbook: its record is begun, filled by the body, closed, and saved. A problem in the body
 * is written into the step and thrown on.
 */
export function* step<T>(
  run: Run,
  id: StepId,
  title: string,
  phase: Phase,
  body: (draft: StepDraft) => Steps<T>,
): Steps<T> {
  const { context, record } = run;
  const draft: StepRecord = {
    id,
    title,
    state: 'running',
    startedAt: now(context),
    findings: [],
    actions: [],
    remaining: [],
    evidence: [],
    detail: '',
  };
  record.steps.push(draft);
  announce(context, record, phase);
  try {
    const value = yield* body(draft);
    if (draft.state === 'running') draft.state = 'done';
    return value;
  } catch (error) {
    draft.state = 'failed';
    draft.error = toProblem(error);
    throw error;
  } finally {
    draft.endedAt = now(context);
    yield* saveRecord(run);
  }
}

/** As `step`, for one that others may follow when it fails: then its problem is kept, and it gives back `otherwise`. */
export function* optionalStep<T>(
  run: Run,
  id: StepId,
  title: string,
  phase: Phase,
  otherwise: T,
  body: (draft: StepDraft) => Steps<T>,
): Steps<T> {
  try {
    return yield* step(run, id, title, phase, body);
  } catch (error) {
    if (!(error instanceof MedicError)) throw error;
    run.record.errors.push(toProblem(error));
    return otherwise;
  }
}

/** Tries to keep a record: a store that is out of reach for a moment is not the VM's fault. */
const SAVE_TRIES = 4;

/** Keeps the record as it stands, for whoever follows along. A record that cannot be kept stops no repair, and no undo. */
export function* saveRecord({ context, record }: Pick<Run, 'context' | 'record'>): Steps<void> {
  for (let tries = 1; tries <= SAVE_TRIES; tries++) {
    try {
      yield* act(context, ACTIVITIES.saveRecord, { record });
      return;
    } catch (error) {
      context.error(`the record of ${record.id} could not be kept: ${toProblem(error).message}`);
      if (tries < SAVE_TRIES) yield* wait(context, backoffSeconds(tries, undefined));
    }
  }
}

/** Shows where the remediation stands to whoever asks the durable engine. */
export function announce(context: OrchestrationContext, record: RemediationRecord, phase: Phase): void {
  record.phase = phase;
  const step = record.steps.at(-1);
  context.df.setCustomStatus({
    remediationId: record.id,
    phase,
    step: step ? { id: step.id, title: step.title, state: step.state } : null,
    outcome: record.outcome?.kind ?? null,
  });
}

/**
 * Addresses RDP is asked at: from outside where there is a public one. Only where there is none is the private one
 * asked, which takes a route into the network; without it, another network's host of that number could answer.
 */
function addressesOf(vm: Inspection): string[] {
  return vm.nics.flatMap(({ publicAddress, privateAddress }) => publicAddress ?? privateAddress ?? []);
}
