import type { Cause, Done } from '../../shared/causes/cause.ts';
import { owesGroupPolicy } from '../../shared/causes/group-policy.ts';
import type { StepId } from '../../shared/model/record.ts';
import type { Undo } from '../../shared/model/undo.ts';
import {
  causesToMend,
  faultsAmong,
  findingsOf,
  judge,
  type Diagnosis,
} from '../../shared/repair/diagnosis.ts';
import { isGood, wroteSomething } from '../../shared/repair/outcomes.ts';
import { planChanges } from '../../shared/repair/plan-changes.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { mayRestart } from './approval.ts';
import { awaitAgent } from './await-agent.ts';
import type { Steps } from './durable.ts';
import { apply, lookAgain, mend, runScript, type Patient, type Plan } from './guest.ts';
import { outOfReach, probeAfterChange, probeWhileBooting, understand } from './look.ts';
import { askPeer } from './peer.ts';
import { followNewPort } from './restrict-rdp.ts';
import { mandateOf, optionalStep, repairOptionsOf, type Run, type StepDraft } from './run.ts';
import { restartVm } from './vm-power.ts';

/** Step 1: who owns the RDP port, and does the listener listen? */
export function* freeRdpPort(run: Run): Steps<boolean> {
  return yield* repairStep(run, 'rdp-port', 'RDP port and listener');
}

/** Step 2: the certificate and the keys; what the VM cannot delete itself, a peer on its network may. */
export function* renewCertificateAndKeys(run: Run): Steps<boolean> {
  const before = [...run.undo];
  const answers = yield* repairStep(run, 'certificate-and-keys', 'Certificate and keys', askPeer);
  keepWhatIsRight(run, 'certificate-and-keys', before);
  return answers;
}

/** Step 3: TLS, with Group Policy held off while the VM restarts, and back afterwards. */
export function* enableTls(run: Run): Steps<boolean> {
  const before = [...run.undo];
  let answers = yield* repairStep(run, 'tls', 'TLS and security settings');
  if (run.policyHeldOff) answers = yield* bringPolicyBack(run);
  keepWhatIsRight(run, 'tls', before);
  return answers;
}

/** Certificate, keys and TLS as Windows needs them, and seen to be so, are right by themselves: they stay, whatever becomes of RDP. */
function keepWhatIsRight(
  { record, undo, policyHeldOff }: Run,
  id: OnlineStep,
  before: readonly Undo[],
): void {
  const isRight = record.steps.some((one) => one.id === id && one.state === 'fixed');
  if (!isRight || policyHeldOff) return;
  const others = undo.filter((one) => before.includes(one) || one.kind !== 'undo-guest-changes');
  undo.splice(0, undo.length, ...others);
}

/**
 * Sets gpsvc back, refreshes the policy and looks again: put back means that an Active Directory policy sets it.
 * @param mayRestart whether the VM may be restarted where Windows starts gpsvc only then; set back it is in any case
 */
export function* bringPolicyBack(run: Run, mayRestart = true): Steps<boolean> {
  return yield* optionalStep(
    run,
    'tls',
    'Re-enable Group Policy and check again',
    'online',
    false,
    function* (draft) {
      const patient = yield* patientAgain(run, draft);
      if (!patient || !run.policyHeldOff) return false;
      yield* apply(run, draft, patient, [{ do: 'Refresh-Policy' }]);
      if (mayRestart && lastWord(patient) === 'needs-restart') {
        if (yield* restartAndAsk(run, draft)) yield* apply(run, draft, patient, [{ do: 'Refresh-Policy' }]);
      }
      const { findings } = understand(run, patient);
      const byPolicy = findings.find(({ code }) => code === 'TlsSetByPolicy');
      if (byPolicy) {
        draft.remaining.push(byPolicy);
        run.setByPolicy = typeof byPolicy.data['gpo'] === 'string' ? byPolicy.data['gpo'] : '';
      }
      draft.state = byPolicy || draft.error ? 'failed' : 'done';
      draft.detail = byPolicy ? `${byPolicy.detail}.` : 'The fix was still in place after a policy refresh.';
      const answers = yield* probeAfterChange(run);
      draft.probe = run.probe;
      return answers;
    },
  );
}

/** The VM's Windows as it is now: after an offline repair it is the repaired one, which was never looked at through its agent. */
function* patientAgain(run: Run, draft: StepDraft): Steps<Patient | undefined> {
  if (run.patient) return run.patient;
  const windows = { scope: 'online' } as const;
  const { facts } = yield* runScript(run, draft, run.vm.vmId, { script: 'collect', windows });
  if (!facts) return undefined;
  run.policyHeldOff = owesGroupPolicy(facts);
  run.patient = { vmId: run.vm.vmId, windows, look: { facts, done: [], options: repairOptionsOf(run) } };
  return run.patient;
}

function lastWord({ look }: Patient): string | undefined {
  return look.done.at(-1)?.outcome.word;
}

type OnlineStep = Extract<StepId, 'rdp-port' | 'certificate-and-keys' | 'tls'>;

/** What a step may try where its own changes came to nothing; gives back whether it is worth mending once more. */
export type Resort = (run: Run, draft: StepDraft, patient: Patient) => Steps<boolean>;

function* noResort(): Steps<boolean> {
  return false;
}

/** One step of the runbook: mends only what was seen; a restart if the changes ask for one; RDP asked again. */
function* repairStep(run: Run, id: OnlineStep, title: string, resort: Resort = noResort): Steps<boolean> {
  return yield* optionalStep(run, id, title, 'online', false, function* (draft) {
    const { patient } = run;
    const before = patient && judge(patient.look);
    const causes = before ? causesToMend(id, before) : [];
    if (!patient || !before || causes.length === 0) {
      draft.state = 'not-needed';
      draft.detail = nothingToRepair(before);
      return false;
    }
    draft.findings.push(...findingsOf(causes, before));
    const plan: Plan = (look) => planChanges(look, causes);
    const done = yield* mend(run, draft, patient, plan);
    if (yield* resort(run, draft, patient))
      done.push(...(yield* mendOnceMore(run, draft, patient, { refused: done, plan })));
    yield* followNewPort(run, draft, done);
    if (wroteSomething(done)) yield* letItCount(run, draft, patient, causes);
    draft.probe = run.probe;
    draft.remaining.push(...faultsAmong(causes, understand(run, patient)));
    draft.state = draft.remaining.length === 0 && draft.error === undefined ? 'fixed' : 'failed';
    const ofNewPort = draft.detail;
    draft.detail =
      `Causes: ${causes.map((cause) => cause.id).join(', ')}. RDP: ${run.probe?.detail ?? 'not checked'} ${ofNewPort}`.trim();
    return run.probe?.state === 'healthy';
  });
}

/** What Windows refused before something was done about it, in the same run as the look that shows what is left to be done. */
function* mendOnceMore(
  run: Run,
  draft: StepDraft,
  patient: Patient,
  { refused, plan }: { refused: readonly Done[]; plan: Plan },
): Steps<Done[]> {
  const before = patient.look.done.length;
  const again = refused.filter((one) => !isGood(one)).map(({ change }) => change);
  if (again.length > 0) yield* apply(run, draft, patient, again);
  else yield* lookAgain(run, draft, patient);
  yield* mend(run, draft, patient, plan);
  return patient.look.done.slice(before);
}

/** What could not be looked at is not taken for well. */
function nothingToRepair(diagnosis: Diagnosis | undefined): string {
  const unread = diagnosis?.findings.some(({ code }) => code === 'CheckFailed') ?? false;
  return unread
    ? 'Nothing to repair was found here, but not everything could be read.'
    : 'The diagnosis found nothing to repair here.';
}

/** A restart of the VM where the changes count only with one; then RDP is asked. */
function* letItCount(run: Run, draft: StepDraft, patient: Patient, causes: readonly Cause[]): Steps<void> {
  if (causes.some(({ takesEffect }) => takesEffect === 'with-restart-of-vm')) {
    if (!(yield* restartAndAsk(run, draft))) yield* probeAfterChange(run);
    if (outOfReach(run)) yield* lookAgain(run, draft, patient);
  } else yield* probeAfterChange(run);
}

/** Gives back whether it was restarted: the policy may bind that to a window or to a person. */
function* restartAndAsk(run: Run, draft: StepDraft): Steps<boolean> {
  if (!(yield* mayRestart(run))) return false;
  const wasWell = run.probe?.state === 'healthy';
  const isSure = yield* restartAndProbe(run, draft);
  // Only an RDP that came back by it proves that it was a restart.
  if (!isSure && (wasWell || run.probe?.state !== 'healthy')) yield* restartAndProbe(run, draft);
  // The next script needs the agent, which may come up after RDP.
  yield* awaitAgent(run.context, { vmId: run.vm.vmId, waiting: mandateOf(run) }, TIMING.agentLimit);
  return true;
}

function* restartAndProbe(run: Run, draft: StepDraft): Steps<boolean> {
  const isSure = yield* restartVm(run, draft);
  yield* probeWhileBooting(run, TIMING.settleAfterRestart);
  return isSure;
}
