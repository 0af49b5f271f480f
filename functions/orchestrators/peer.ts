import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Change } from '../../shared/model/change.ts';
import { judge } from '../../shared/repair/diagnosis.ts';
import { actionsOf } from '../../shared/repair/outcomes.ts';
import { act, now, type Steps } from './durable.ts';
import { runScript, type Patient } from './guest.ts';
import type { Run, StepDraft } from './run.ts';

type Renewal = Extract<Change, { do: 'Renew-Certificate' }>;

/**
 * The runbook's last resort for a certificate that nothing on the VM may delete: a working VM of the network deletes it. Gives back
 * whether it did.
 */
export function* askPeer(run: Run, draft: StepDraft, patient: Patient): Steps<boolean> {
  const guarded = judge(patient.look).findings.some(({ code }) => code === 'CertificateStoreGuarded');
  if (!guarded) return false;
  const { peerVmId } = run.input.request.options;
  const address = run.vm.nics[0]?.privateAddress;
  if (!peerVmId || !address) {
    run.record.warnings.push(
      'The VM cannot delete its own certificate. A working VM on its network may be able to: set it as peerVmId.',
    );
    return false;
  }
  if (!run.settings.peerAccount && patient.look.facts.windows.domain === '') {
    run.record.warnings.push(
      'A peer cannot delete the certificate: the VM is in a workgroup, where SYSTEM of another machine has no rights. Set RDP_MEDIC_PEER_USER and RDP_MEDIC_PEER_PASSWORD to an account with rights on the VM.',
    );
    return false;
  }
  const { refusal } = yield* act(run.context, ACTIVITIES.vetPeer, {
    request: run.input.request,
    vm: run.vm,
    peerVmId,
    at: now(run.context),
  });
  if (refusal !== null) {
    run.record.warnings.push(`The peer was not used to delete the certificate: ${refusal}.`);
    return false;
  }
  const thumbprints = patient.look.done
    .map(({ change }) => change)
    .filter((change): change is Renewal => change.do === 'Renew-Certificate')
    .flatMap((change) => change.thumbprints);
  const answer = yield* runScript(run, draft, peerVmId, {
    script: 'peer-certificate',
    computer: address,
    thumbprints: [...new Set(thumbprints)],
  });
  draft.actions.push(...actionsOf(answer.outcomes.map((outcome) => ({ outcome }))));
  return answer.outcomes.some(({ word }) => word === 'deleted');
}
