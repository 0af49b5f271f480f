import { MedicError, problem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { AutoShutdown } from '../../shared/model/auto-shutdown.ts';
import type { Expected } from '../../shared/model/expected.ts';
import type { OutcomeKind, Refusal, RemediationRecord } from '../../shared/model/record.ts';
import { shutsDownBetween, tellAutoShutdown } from '../../shared/repair/auto-shutdown.ts';
import { differences } from '../../shared/repair/standing.ts';
import { lookAgain } from './deed.ts';
import { act, now, type Steps } from './durable.ts';
import { decide, probe } from './look.ts';
import type { Rehearsal } from './rehearse.ts';
import { step, type Run, type StepDraft } from './run.ts';

/**
 * Asks everything once more before the VM goes down, the policy too: rescue VM, rehearsal and approval have taken their time, and what
 * is left of a maintenance window has to hold the downtime. Gives back how the
 * remediation ends here, or `undefined` where it goes on.
 * @throws MedicError `Moved` where somebody changed the VM, `VmNotFound`.
 */
export function* askAgain(
  run: Run,
  { downtimeSeconds }: Pick<Rehearsal, 'downtimeSeconds'>,
): Steps<OutcomeKind | undefined> {
  return yield* step(run, 'probe', 'Recheck before taking the VM down', 'rehearsal', function* (draft) {
    if (yield* isRefusedNow(run, draft, downtimeSeconds)) return 'not-fixed';
    const answers = yield* probe(run);
    draft.probe = run.probe;
    draft.detail = run.probe?.detail ?? '';
    return answers ? endOfHealthy(run.record) : undefined;
  });
}

function* isRefusedNow(run: Run, draft: StepDraft, downtimeSeconds: number): Steps<boolean> {
  const { context, input, record } = run;
  yield* lookAgain(run);
  const vm = yield* act(context, ACTIVITIES.inspectVm, { vmId: run.vm.vmId });
  requireUnchanged(run, vm.expected);
  const { refusal } = yield* act(context, ACTIVITIES.askPolicy, {
    request: input.request,
    tags: vm.tags,
    at: now(context),
    disrupts: 'offline',
    downtimeSeconds,
  });
  const { refusals, offlineBlockers } = yield* decide(run, vm);
  // Something that works on the VM is waited for where it matters; what it changes is compared.
  const against = [...refusals, ...offlineBlockers].filter(({ code }) => code !== 'VmBusy');
  if (refusal) against.push(problem('PolicyRefused', refusal.message));
  against.push(...tooNearShutdown(run, vm.autoShutdown, downtimeSeconds));
  record.refusals.push(...against);
  draft.detail = against.map(({ message }) => message).join(' ');
  if (against.length > 0) draft.state = 'failed';
  return against.length > 0;
}

/** What its owner wants down at a certain time is not to be in the middle of a repair then, and not to be started after it. */
function tooNearShutdown(
  { context, vm }: Run,
  schedule: AutoShutdown | null,
  downtimeSeconds: number,
): Refusal[] {
  const at = Date.parse(now(context));
  if (!schedule || !shutsDownBetween(schedule, at, at + downtimeSeconds * 1000)) return [];
  const message = `${vm.name} has auto-shutdown ${tellAutoShutdown(schedule)}: too little time is left for about ${Math.ceil(downtimeSeconds / 60)} minutes of downtime.`;
  return [problem('OutsideMaintenanceWindow', message)];
}

function requireUnchanged({ expected, vm }: Run, standing: Expected | null): void {
  const changed =
    expected && standing ? differences(expected, standing) : ['its OS disk is not a managed disk'];
  if (changed.length > 0) throw new MedicError('Moved', `${vm.name}: ${changed.join('; ')}.`);
}

/** Whether RDP answers by itself, or because of what was done online before. */
function endOfHealthy({ steps }: RemediationRecord): OutcomeKind {
  const changed = steps.some(({ id, actions }) => id !== 'rehearsal' && actions.length > 0);
  return changed ? 'repaired-online' : 'healthy';
}
