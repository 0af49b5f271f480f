import { problem, type Problem } from '../../shared/errors.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import type { Rollback, RollbackRequest } from '../../shared/model/rollback.ts';
import { explain } from '../../shared/repair/policy/explain.ts';
import { factsOfRequest, type RuleId } from '../../shared/repair/policy/facts.ts';
import { changedSince, judgeRollback } from '../../shared/repair/rollback.ts';
import { refusalOf } from './admit.ts';
import type { TriggerDependencies } from './dependencies.ts';

type Deps = Pick<TriggerDependencies, 'policy' | 'vms' | 'clock'>;

/** Whether a VM may go back to the disk that a remediation has kept. */
export type RollbackAdmission =
  { readonly ok: true; readonly disk: Rollback['disk'] } | { readonly ok: false; readonly problem: Problem };

/** Of what senders may ask for, only whether an operator may have a VM taken down at all. */
const ASKED: readonly RuleId[] = ['kill-switch', 'source-mode', 'subscription', 'resource-group'];

/**
 * Asks everything that can be asked before a rollback. Of the policy only what says which VMs it is for: a person asks, so cool-down,
 * attempts and windows do not count.
 */
export async function admitRollback(
  deps: Deps,
  record: RemediationRecord,
  asked: RollbackRequest,
): Promise<RollbackAdmission> {
  const { request, vm } = record;
  const now = deps.clock.now();
  // It takes the VM down, whatever the remediation did that it goes back from.
  const facts = factsOfRequest({ ...request, vmId: vm.id, mode: 'full', source: 'operator', now });
  const scope = explain(deps.policy, facts, ASKED);
  if (scope.decision === 'refused') return refuse(refusalOf(scope));
  const judged = judgeRollback(record, asked, now);
  if (!judged.ok) return judged;

  const found = await deps.vms.find(vm.id);
  if (!found) return refuse(problem('VmNotFound'));
  const optOut = explain(deps.policy, { ...facts, tags: found.tags }, ['opt-out-tag']);
  if (optOut.decision === 'refused') return refuse(refusalOf(optOut));
  if (found.powerState !== 'running')
    return refuse(problem('VmNotRunning', `The VM is ${found.powerState}, not running.`));
  const standing = await deps.vms.standingOf(vm.id);
  const { leftAs } = judged.disk.wayBack;
  const changed = standing ? changedSince(leftAs, standing) : ['it no longer exists'];
  if (changed.length > 0)
    return refuse(
      problem('NothingToRollBack', `The VM has changed since ${record.id}: ${changed.join('; ')}.`),
    );
  return judged;
}

function refuse(why: Problem): RollbackAdmission {
  return { ok: false, problem: why };
}
