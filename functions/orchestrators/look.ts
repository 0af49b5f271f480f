import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Inspection } from '../../shared/model/inspection.ts';
import type { ProbeResult } from '../../shared/model/probe.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { MedicError } from '../../shared/errors.ts';
import { judge, type Diagnosis } from '../../shared/repair/diagnosis.ts';
import { neededRights } from '../../shared/repair/needed-rights.ts';
import { noteAnswer } from '../../shared/repair/outages.ts';
import { goesOffline, preflight, type Preflight } from '../../shared/repair/preflight.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { act, now, sub, wait, type Steps } from './durable.ts';
import { runScript, type Patient } from './guest.ts';
import { learnAddresses } from './public-address.ts';
import { optionalStep, repairOptionsOf, step, wireOf, type Run, type StepDraft } from './run.ts';

const OUT_OF_REACH =
  'RDP works inside Windows but cannot be reached from this service: a network security group, a firewall or a missing route blocks it.';

/** What will be done, and whether it may be: decided before anything is touched. */
export function* checkPreflight(run: Run): Steps<Preflight> {
  const decided = yield* decide(run, run.vm);
  yield* step(run, 'preflight', 'Preflight checks', 'preflight', function* (draft) {
    run.record.plan = decided.plan;
    const { rescueGroup } = run.settings;
    if (rescueGroup !== null && goesOffline(run.input.request)) run.record.rescueGroup = rescueGroup;
    run.record.refusals = [...decided.refusals];
    draft.detail =
      decided.refusals.map(({ message }) => message).join(' ') ||
      `${run.vm.name}: ${run.vm.size}, generation ${run.vm.generation}, agent ${run.vm.agentReady ? 'Ready' : 'not Ready'}.`;
  });
  return decided;
}

/** What may be done to the VM as it stands, with the rights that the service has by now. */
export function* decide({ context, input: { request }, settings }: Run, vm: Inspection): Steps<Preflight> {
  const rights = yield* act(context, ACTIVITIES.readRights, neededRights(vm, request, settings));
  const policies = goesOffline(request)
    ? yield* act(context, ACTIVITIES.readPolicyDenials, { vmId: vm.vmId })
    : { assignments: [] };
  return preflight(vm, request, settings, { rights, policies });
}

/** How RDP answers before anything is done. */
export function* probeBefore(run: Run): Steps<void> {
  yield* step(run, 'probe', 'Check RDP', 'preflight', function* (draft) {
    yield* probe(run);
    if (run.probe) {
      draft.probe = run.probe;
      draft.detail = run.probe.detail;
      run.record.probeBefore = run.probe;
    }
  });
}

/** Asks RDP once more; whether it answers as it should. */
export function* probe(run: Run): Steps<boolean> {
  run.probe = yield* act(run.context, ACTIVITIES.probeRdp, { ...wireOf(run), at: now(run.context) });
  return answers(run);
}

/** As `probe`, a second time after a while where it does not answer yet: a service that restarts takes its time. */
export function* probeAfterChange(run: Run): Steps<boolean> {
  if (yield* probe(run)) return true;
  yield* wait(run.context, 15);
  return yield* probe(run);
}

/** Asks RDP while Windows boots, until it answers, or the agent has been Ready for the settling time (seconds). */
export function* probeWhileBooting(
  run: Run,
  settleSeconds: number,
  limitSeconds: number = TIMING.bootLimit,
): Steps<{ probe: ProbeResult; agentReady: boolean }> {
  const seen = yield* sub(run.context, SUB_ORCHESTRATIONS.awaitRdp, {
    vmId: run.vm.vmId,
    ...wireOf(run),
    limitSeconds,
    settleSeconds,
  });
  run.probe = seen.probe;
  answers(run);
  return seen;
}

function answers({ probe: seen, record, context }: Run): boolean {
  if (seen?.state !== 'healthy') return false;
  noteAnswer(record, now(context));
  return true;
}

/** As `probeWhileBooting`, of a VM that was down: a dynamic public address is another one by then. */
export function* probeAfterStart(
  run: Run,
  draft: StepDraft,
): Steps<{ probe: ProbeResult; agentReady: boolean }> {
  draft.actions.push(...(yield* learnAddresses(run)));
  const limit = run.updatesPending ? TIMING.bootLimitWithUpdates : TIMING.bootLimit;
  const seen = yield* probeWhileBooting(run, TIMING.settleOnNewDisk, limit);
  draft.probe = seen.probe;
  draft.detail = seen.probe.detail;
  return seen;
}

/** One look at Windows answers which steps are needed. Reads only. */
export function* diagnose(run: Run): Steps<void> {
  yield* optionalStep(
    run,
    'diagnose',
    'Diagnose through the VM agent',
    'online',
    undefined,
    function* (draft) {
      const windows = { scope: 'online' } as const;
      const { facts, error } = yield* runScript(run, draft, run.vm.vmId, { script: 'collect', windows });
      if (!facts) {
        run.patient = undefined;
        throw new MedicError('GuestScriptFailed', error?.message ?? 'Windows could not be examined.');
      }
      const look = { facts, done: run.patient?.look.done ?? [], options: repairOptionsOf(run) };
      run.patient = { vmId: run.vm.vmId, windows, look };
      const { findings, faults } = understand(run, run.patient);
      draft.findings.push(...findings);
      const unread = findings.some(({ code }) => code === 'CheckFailed');
      draft.detail =
        faults.length > 0
          ? `Faults: ${faults.join(', ')}.`
          : unread
            ? 'No fault was found inside Windows, but not everything could be read.'
            : 'No fault found inside Windows.';
    },
  );
}

/** Judges what was seen of a Windows last, and keeps what the remediation goes by: causes, RDP's port, whom to expect on the wire. */
export function understand(run: Run, { look }: Patient): Diagnosis {
  const diagnosis = judge(look);
  for (const cause of diagnosis.faults) run.causes.add(cause);
  run.rdpPort = diagnosis.rdpPort;
  run.computerName = look.facts.windows.computer;
  run.updatesPending = look.facts.windows.updatesPending;
  return diagnosis;
}

/** Whether RDP is well, although the first question was not answered: it is on another port, or out of our reach. */
export function* isWellAfterAll(run: Run): Steps<boolean> {
  if (run.rdpPort !== run.probe?.port && (yield* probe(run))) return true;
  return isWellInside(run);
}

/** Windows is looked at once more, where the wire says nothing of it. */
export function* answersInside(run: Run): Steps<boolean> {
  if (!outOfReach(run)) return false;
  yield* diagnose(run);
  return isWellInside(run);
}

/** The wire says nothing of the VM: nobody answered, or somebody else did. */
export function outOfReach({ probe: seen }: Run): boolean {
  return seen?.state === 'filtered' || seen?.state === 'other-machine';
}

/**
 * Where the wire says nothing of the VM, the service may only be out of reach: then what Windows said of its own handshake counts,
 * as it was looked at last. A VM that is well inside is never taken offline for want of a route.
 */
export function isWellInside(run: Run): boolean {
  const { patient, record } = run;
  if (!outOfReach(run) || !patient) return false;
  const { facts } = patient.look;
  const well = facts.handshake.stage === 'done' && judge(patient.look).faults.length === 0;
  if (well) record.warnings.push(OUT_OF_REACH);
  return well;
}
