import type { OrchestrationContext, Task } from 'durable-functions';
import { isSuperseded, mayBeFollowed, toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { RepairOptions } from '../../shared/causes/cause.ts';
import type { CauseId } from '../../shared/model/cause.ts';
import type { Asked, Expected } from '../../shared/model/expected.ts';
import type { Maker, Mandate } from '../../shared/model/mandate.ts';
import type { Inspection } from '../../shared/model/inspection.ts';
import type { Pending } from '../../shared/model/pending.ts';
import type { ProbeResult } from '../../shared/model/probe.ts';
import type { Phase, RemediationRecord, StepId, StepRecord } from '../../shared/model/record.ts';
import type { RemediationInput } from '../../shared/model/request.ts';
import type { Settings } from '../../shared/model/settings.ts';
import type { Undo } from '../../shared/model/undo.ts';
import { backoffSeconds, TIMING } from '../../shared/repair/timing.ts';
import { act, atStep, inSeconds, now, wait, type Steps } from './durable.ts';
import type { Patient } from './guest.ts';

/** One remediation under way: what is known, what was done, and how to take it back. */
export interface Run {
  readonly context: OrchestrationContext;
  readonly input: RemediationInput;
  readonly record: RemediationRecord;
  /** Registered before each change, unwound last in, first out. */
  readonly undo: Undo[];
  /** What the app's settings were when it began. */
  readonly settings: Settings;
  /** Whether it goes on with the repair, which may be called off; what it does afterwards may not. */
  forward: boolean;
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
  /** When we last saw that a stop of our own had ended: whoever stops the VM after that is somebody else. */
  stoppedAt: string | null;
  /** Who stopped the VM in place of us, while our own stop was under way, in words; until it is seen running. */
  stoppedInstead: string | undefined;
  /** Whether the VM is down by somebody else, who started and stopped it again. */
  stoppedByOther: boolean;
  /** The intent by which we deleted the VM, while it is gone. */
  deletedBy: string | undefined;
  /** The rescue VM that was begun ahead of the rehearsal, and not waited for yet. */
  rescueVm: { readonly task: Task; readonly since: string } | undefined;
  /** The safety snapshot that was begun beside the diagnosis, and not waited for yet. */
  snapshot: { readonly task: Task; readonly since: string; readonly expiresAt: string } | undefined;
  /** What RDP said last, and on which port it is now. */
  probe: ProbeResult | undefined;
  rdpPort: number;
  /** The VM's own Windows, as it was looked at through the agent; `undefined` where nothing could be asked. */
  patient: Patient | undefined;
  /** As Windows calls itself: who is expected to answer on the wire. */
  computerName: string | undefined;
  /** How long the shortest script took on each VM so far, in seconds. */
  readonly scriptSeconds: Map<string, number>;
  /** Every cause that was found on the way. */
  readonly causes: Set<CauseId>;
  /** Whether gpsvc is disabled by us, so that a fix survives the restart, or may be: set before Windows is asked to. */
  policyHeldOff: boolean;
  /** What is known of the original disk, while a copy is repaired: true again when all is taken back. */
  ofOriginal: (Pick<Run, 'policyHeldOff' | 'rdpPort' | 'ofMovedPort'> & { warnings: string[] }) | undefined;
  /** What people must know of a port that RDP moved to, while it is there. */
  ofMovedPort: readonly string[];
  /** When it was down although we tried to bring it up: told whatever else is taken back. */
  readonly downtimes: string[];
  /** What the record says of a VM that is down against our will, while it is. */
  downNotice: string | undefined;
  /** Whether Windows finishes updates at its next start, which then takes longer. */
  updatesPending: boolean;
  /** Whether a person has let the VM be restarted; `undefined`: nobody was asked. */
  restartApproved: boolean | undefined;
  /** Name of the policy that puts a fault back. */
  setByPolicy: string | undefined;
  /** Since when Windows may write to the other disk that was put under the VM. */
  otherDiskSince: string | undefined;
  /** Until when the original disk is kept, once it was put aside. */
  asideUntil: string | undefined;
}

/** In seconds. */
const DAY = 24 * 3600;

/** Who makes something now, and until when it may live: what is put aside after a long wait is kept as long as any other. */
export function makerOf(run: Run): Maker {
  const { context, input } = run;
  const expires = inSeconds(context, input.request.options.keepDays * DAY);
  return { ...mandateOf(run), expiresAt: expires.toISOString() };
}

/** The resource group in which the rescue VM stands. */
export function rescueGroupOf({ record, vm }: Pick<Run, 'record' | 'vm'>): string {
  return record.rescueGroup ?? vm.resourceGroup;
}

/** On whose behalf something is written now. */
export function mandateOf({ input, forward }: Run): Mandate {
  return { remediationId: input.remediationId, epoch: input.epoch, forward };
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
  atStep(context, record.steps.length - 1);
  announce(context, record, phase);
  yield* saveRecord(run);
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
    atStep(context, undefined);
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
    if (!mayBeFollowed(error)) throw error;
    run.record.errors.push(toProblem(error));
    return otherwise;
  }
}

/** Tries to keep a record: a store that is out of reach for a moment is not the VM's fault. */
const SAVE_TRIES = 4;

/**
 * Keeps the record as it stands, with all that whoever takes over would need to take things back. Gives back whether it could be
 * kept: only a deed that goes forward depends on it.
 * @param seconds until it is kept again, at the latest
 * @throws MedicError `Superseded` where another carries the remediation on.
 */
export function* saveRecord(run: Run, seconds: number = TIMING.signWithin): Steps<boolean> {
  const { context, record } = run;
  if (record.endedAt === undefined) record.pending = pendingOf(run);
  else delete record.pending;
  return yield* keepRecord(context, record, seconds);
}

function pendingOf({ undo, vm, expected, asked, deeds, deletedBy, otherDiskSince }: Run): Pending {
  return {
    schema: 1,
    vm,
    expected,
    deeds,
    undo: [...undo],
    ...(asked && { asked }),
    ...(deletedBy !== undefined && { deletedBy }),
    ...(otherDiskSince !== undefined && { otherDiskSince }),
  };
}

/** As `saveRecord`, of a remediation that has not even read its VM. */
export function* keepRecord(
  context: OrchestrationContext,
  record: RemediationRecord,
  seconds: number = TIMING.signWithin,
): Steps<boolean> {
  record.owner = { ...record.owner, nextSignBy: inSeconds(context, seconds).toISOString() };
  for (let tries = 1; tries <= SAVE_TRIES; tries++) {
    try {
      yield* act(context, ACTIVITIES.saveRecord, { record });
      return true;
    } catch (error) {
      if (isSuperseded(error)) throw error;
      context.error(`the record of ${record.id} could not be saved: ${toProblem(error).message}`);
      if (tries < SAVE_TRIES) yield* wait(context, backoffSeconds(tries, undefined));
    }
  }
  return false;
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
