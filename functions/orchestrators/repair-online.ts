import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { CauseId } from '../../shared/model/cause.ts';
import type { GuestResult } from '../../shared/model/guest-result.ts';
import type { StepId } from '../../shared/model/record.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { causesOfStep, findingsOf } from '../../shared/repair/diagnosis.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { awaitAgent } from './await-agent.ts';
import { complete, sub, type Steps } from './durable.ts';
import { runScript } from './guest.ts';
import { probeAfterChange } from './look.ts';
import { followNewPort } from './restrict-rdp.ts';
import { addressesOf, optionalStep, type Run, type StepDraft } from './run.ts';

/** Step 1: who owns the RDP port, and does the listener listen? */
export function* freeRdpPort(run: Run): Steps<boolean> {
  return yield* repairStep(run, 'rdp-port', 'RDP port and listener', function* (draft, cause) {
    const { newRdpPort } = run.input.request.options;
    const result = yield* runScript(
      run,
      draft,
      run.vm.vmId,
      `online/${cause}`,
      cause === 'rdp-port' ? { NewPort: String(newRdpPort ?? 0) } : {},
    );
    yield* followNewPort(run, draft, result);
    return result;
  });
}

/** Step 2: the certificate and the keys; what the VM cannot delete itself, a peer on its network may. */
export function* renewCertificateAndKeys(run: Run): Steps<boolean> {
  return yield* repairStep(run, 'certificate-and-keys', 'Certificate and keys', function* (draft, cause) {
    const result = yield* runScript(run, draft, run.vm.vmId, `online/${cause}`);
    const { peerVmId } = run.input.request.options;
    const address = run.vm.nics[0]?.privateAddress;
    if (cause !== 'rdp-certificate' || result.remaining.length === 0 || !peerVmId || !address) return result;
    yield* runScript(run, draft, peerVmId, 'online/peer-certificate', { ComputerName: address });
    draft.remaining.length = 0;
    // The second run finds the store empty, restarts SessionEnv, and sees that a new certificate came.
    return yield* runScript(run, draft, run.vm.vmId, `online/${cause}`);
  });
}

/** Step 3: TLS, with Group Policy held off while the VM restarts, and back afterwards. */
export function* enableTls(run: Run): Steps<boolean> {
  const { legacyTls } = run.input.request.options;
  const answers = yield* repairStep(run, 'tls', 'TLS and security settings', function* (draft, cause) {
    const parameters = cause === 'tls' ? { LegacyTls: legacyTls ? 'yes' : 'no' } : {};
    const result = yield* runScript(run, draft, run.vm.vmId, `online/${cause}`, parameters);
    run.policyHeldOff ||= cause === 'tls' && result.changed;
    return result;
  });
  return run.policyHeldOff ? yield* bringPolicyBack(run) : answers;
}

/** Sets gpsvc back, refreshes the policy and looks again: put back means that an Active Directory policy sets it. */
export function* bringPolicyBack(run: Run): Steps<boolean> {
  return yield* optionalStep(
    run,
    'tls',
    'Group Policy back on, and looked at again',
    'online',
    false,
    function* (draft) {
      let result = yield* runScript(run, draft, run.vm.vmId, 'online/group-policy');
      if (result.restart === 'vm') {
        yield* restartVm(run, draft);
        draft.remaining.length = 0;
        result = yield* runScript(run, draft, run.vm.vmId, 'online/group-policy');
      }
      const byPolicy = result.remaining.find(({ code }) => code === 'TlsSetByPolicy');
      if (byPolicy) run.setByPolicy = typeof byPolicy.data['gpo'] === 'string' ? byPolicy.data['gpo'] : '';
      run.policyHeldOff = result.error !== null;
      draft.state = byPolicy || result.error ? 'failed' : 'done';
      draft.detail = byPolicy ? `${byPolicy.detail}.` : 'The fix held when the policies were refreshed.';
      const answers = yield* probeAfterChange(run);
      draft.probe = run.probe;
      return answers;
    },
  );
}

type OnlineStep = Extract<StepId, 'rdp-port' | 'certificate-and-keys' | 'tls'>;
type Repair = (draft: StepDraft, cause: CauseId) => Steps<GuestResult>;

/** One step of the runbook: only the scripts for what the diagnosis found; a restart if one asks for it; RDP asked again. */
function* repairStep(run: Run, id: OnlineStep, title: string, repair: Repair): Steps<boolean> {
  return yield* optionalStep(run, id, title, 'online', false, function* (draft) {
    const causes = causesOfStep(id, run.diagnosis?.faults ?? []);
    if (causes.length === 0) {
      draft.state = 'not-needed';
      draft.detail = 'The diagnosis found nothing to repair here.';
      return false;
    }
    const results: GuestResult[] = [];
    for (const cause of causes) results.push(yield* repair(draft, cause));
    if (results.some(({ restart }) => restart === 'vm')) yield* restartVm(run, draft);
    else if (results.some(({ changed }) => changed)) yield* probeAfterChange(run);
    draft.probe = run.probe;
    draft.state = draft.remaining.length === 0 && draft.error === undefined ? 'fixed' : 'failed';
    draft.detail = `Causes: ${causes.join(', ')}. RDP: ${run.probe?.detail ?? 'not asked'}`;
    if (draft.findings.length === 0)
      draft.findings.push(...findingsOf(causes, run.diagnosis?.findings ?? []));
    return run.probe?.state === 'healthy';
  });
}

function* restartVm(run: Run, draft: StepDraft): Steps<void> {
  const { vmId } = run.vm;
  draft.actions.push({ what: 'restart-vm', target: run.vm.name, before: null, after: null });
  // A restart that breaks off in the middle would leave the VM stopped.
  run.undo.push({ kind: 'start-vm', vmId });
  yield* complete(run.context, ACTIVITIES.beginRestart, { vmId });
  run.undo.pop();
  const { probe } = yield* sub(run.context, SUB_ORCHESTRATIONS.awaitRdp, {
    vmId,
    addresses: addressesOf(run.vm),
    port: run.rdpPort,
    limitSeconds: TIMING.bootLimit,
    settleSeconds: TIMING.bootPoll * 2,
  });
  run.probe = probe;
  // The next script needs the agent, which may come up after RDP.
  yield* awaitAgent(run.context, vmId, TIMING.agentLimit);
}
