import { ERRORS, MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Expected } from '../../shared/model/expected.ts';
import type { OutcomeKind, RemediationRecord } from '../../shared/model/record.ts';
import { preflight } from '../../shared/repair/preflight.ts';
import { differences } from '../../shared/repair/standing.ts';
import { lookAgain } from './deed.ts';
import { act, type Steps } from './durable.ts';
import { probe } from './look.ts';
import { step, type Run, type StepDraft } from './run.ts';

/**
 * Asks everything once more before the VM goes down: rescue VM, rehearsal and approval have taken their time. Gives back how the
 * remediation ends here, or `undefined` where it goes on.
 * @throws MedicError `Moved` where somebody changed the VM, `VmNotFound`.
 */
export function* askAgain(run: Run): Steps<OutcomeKind | undefined> {
  return yield* step(run, 'probe', 'Ask again, before the VM goes down', 'rehearsal', function* (draft) {
    if (yield* isRefusedNow(run, draft)) return 'not-fixed';
    const answers = yield* probe(run);
    draft.probe = run.probe;
    draft.detail = run.probe?.detail ?? '';
    return answers ? endOfHealthy(run.record) : undefined;
  });
}

function* isRefusedNow(run: Run, draft: StepDraft): Steps<boolean> {
  const { context, input, record } = run;
  yield* lookAgain(run);
  const vm = yield* act(context, ACTIVITIES.inspectVm, { vmId: run.vm.vmId });
  requireUnchanged(run, vm.expected);
  const { peerAccount, killSwitch } = yield* act(context, ACTIVITIES.readSettings, {});
  const { refusals, offlineBlockers } = preflight(vm, input.request, peerAccount);
  // Something that works on the VM is waited for where it matters; what it changes is compared.
  const against = [...refusals, ...offlineBlockers].filter(({ code }) => code !== 'VmBusy');
  if (killSwitch)
    against.push({
      code: 'PolicyRefused',
      message: 'The kill switch is on: no VM is taken down.',
      next: ERRORS.PolicyRefused.next,
    });
  record.refusals.push(...against);
  draft.detail = against.map(({ message }) => message).join(' ');
  if (against.length > 0) draft.state = 'failed';
  return against.length > 0;
}

function requireUnchanged({ expected, vm }: Run, now: Expected | null): void {
  const changed = expected && now ? differences(expected, now) : ['its OS disk is no managed one'];
  if (changed.length > 0) throw new MedicError('Moved', `${vm.name}: ${changed.join('; ')}.`);
}

/** Whether RDP answers by itself, or because of what was done online before. */
function endOfHealthy({ steps }: RemediationRecord): OutcomeKind {
  const changed = steps.some(({ id, actions }) => id !== 'rehearsal' && actions.length > 0);
  return changed ? 'repaired-online' : 'healthy';
}
