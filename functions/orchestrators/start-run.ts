import type { OrchestrationContext } from 'durable-functions';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { CauseId } from '../../shared/model/cause.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import type { RemediationInput } from '../../shared/model/request.ts';
import { newRecord } from '../../shared/repair/new-record.ts';
import { act, now, type Steps } from './durable.ts';
import { announce, type Run } from './run.ts';

const RDP_PORT = 3389;

/** Begins: reads the VM once, before anything else. @throws MedicError `VmNotFound`, `AccessDenied`. */
export function* startRun(context: OrchestrationContext, input: RemediationInput): Steps<Run> {
  const startedAt = now(context);
  const record = newRecord(input, startedAt);
  announce(context, record, 'preflight');
  const settings = yield* act(context, ACTIVITIES.readSettings, {});
  const vm = yield* act(context, ACTIVITIES.inspectVm, { vmId: input.request.vmId });
  record.vm = {
    ...record.vm,
    name: vm.name,
    location: vm.location,
    generation: vm.generation,
    ...(vm.osVersion === null ? {} : { osVersion: vm.osVersion }),
  };
  return {
    ...blank(context, input),
    settings,
    record,
    undo: [],
    forward: true,
    vm,
    expected: vm.expected,
    asked: undefined,
    deeds: 0,
    deletedBy: undefined,
    otherDiskSince: undefined,
    scriptSeconds: new Map(),
    causes: new Set(),
  };
}

/**
 * Takes a remediation over that its engine has lost, as its record tells it: from here it only goes back.
 * @throws MedicError `NotFound` where there is no record.
 */
export function* resumeRun(context: OrchestrationContext, input: RemediationInput): Steps<Run> {
  const { record } = yield* act(context, ACTIVITIES.readRecord, { remediationId: input.remediationId });
  const settings = yield* act(context, ACTIVITIES.readSettings, {});
  const { pending } = record;
  const vm = pending?.vm ?? (yield* act(context, ACTIVITIES.inspectVm, { vmId: input.request.vmId }));
  return {
    ...blank(context, input),
    settings,
    record,
    undo: pending?.undo ?? [],
    forward: false,
    vm,
    expected: pending?.expected ?? null,
    asked: pending?.asked,
    deeds: pending?.deeds ?? 0,
    deletedBy: pending?.deletedBy,
    otherDiskSince: pending?.otherDiskSince,
    scriptSeconds: new Map(),
    causes: new Set(faultsTold(record)),
  };
}

/** What nobody has said or done yet. */
function blank(context: OrchestrationContext, input: RemediationInput) {
  return {
    context,
    input,
    takenOver: undefined,
    stoppedAt: null,
    stoppedInstead: undefined,
    stoppedByOther: false,
    rescueVm: undefined,
    snapshot: undefined,
    probe: undefined,
    rdpPort: RDP_PORT,
    patient: undefined,
    computerName: undefined,
    policyHeldOff: false,
    ofOriginal: undefined,
    ofMovedPort: [],
    downtimes: [],
    downNotice: undefined,
    updatesPending: false,
    restartApproved: undefined,
    setByPolicy: undefined,
    asideUntil: undefined,
  };
}

/** The causes that the steps have found so far. */
function faultsTold({ steps }: RemediationRecord): CauseId[] {
  const findings = steps.flatMap((step) => step.findings);
  return findings.flatMap(({ cause, severity }) =>
    severity === 'fault' && cause !== undefined ? [cause] : [],
  );
}
