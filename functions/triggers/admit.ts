import { problem, type Problem } from '../../shared/errors.ts';
import type { RecordSummary, VmSummary } from '../../shared/intake/ports.ts';
import type { RemediationInput, RemediationRequest } from '../../shared/model/request.ts';
import { explain, SCOPE_RULES, type PolicyDecision } from '../../shared/repair/policy/explain.ts';
import { asksApproval } from '../../shared/repair/policy/approval.ts';
import type { SourceName } from '../../shared/repair/policy/caps.ts';
import { factsOfRequest, type PolicyFacts, type RuleId } from '../../shared/repair/policy/facts.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { subscriptionOf } from './places.ts';
import { HOUR_SECONDS, turnOf } from './turns.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';

export interface Admitted {
  readonly status: 'admitted';
  readonly attempt: number;
  readonly approval: RemediationInput['approval'];
}

/** Whether a request may be started now. */
export type Admission =
  | Admitted
  | { readonly status: 'wait'; readonly reason: string }
  | { readonly status: 'refused'; readonly problem: Problem; readonly rule?: RuleId };

type Subject = Pick<RemediationRequest, 'vmId' | 'mode' | 'options'> & { readonly source: SourceName };
type IsOver = (instanceId: string) => Promise<boolean>;

/**
 * Asks everything that can be asked before a start: the VM, then the policy. What lies outside the
 * policy's scope is not even looked up, so that its existence is not given away. Nor is Azure asked for one that comes from the queue while
 * there is no place: hundreds that ask each minute would take from those that are being repaired what they may ask of Azure.
 */
export async function admit(
  deps: TriggerDependencies,
  subject: Subject,
  isOver: IsOver,
  via: 'direct' | 'queue',
): Promise<Admission> {
  const scope = explain(deps.policy, withoutVm(deps, subject), SCOPE_RULES);
  if (scope.decision === 'refused') return refusedBy(scope);
  const running = via === 'queue' ? await lastCounted(deps, subject.vmId, isOver) : undefined;
  if (running !== undefined) {
    const place = explain(deps.policy, { ...withoutVm(deps, subject), running }, ['concurrency']);
    if (place.decision === 'wait') return waits(place);
  }

  const vm = await deps.vms.find(subject.vmId);
  if (!vm) return { status: 'refused', problem: problem('VmNotFound') };
  if (vm.osType !== 'Windows') return { status: 'refused', problem: problem('NotWindows') };

  const earlier = await deps.records.attempts(subject.vmId);
  const facts = await gatherFacts(
    deps,
    subject,
    vm,
    earlier,
    running ?? (await countRunning(deps, subject.vmId, isOver)),
  );
  const decision = explain(deps.policy, facts);
  if (decision.decision === 'refused') return refusedBy(decision);
  if (vm.powerState !== 'running') {
    return {
      status: 'refused',
      problem: problem('VmNotRunning', `The VM is ${vm.powerState}, not running.`),
    };
  }
  if (decision.decision === 'wait') return waits(decision);
  return {
    status: 'admitted',
    attempt: earlier.length + 1,
    approval: asksApproval(deps.policy, facts, 'offline') ? 'before-offline' : 'not-needed',
  };
}

/** The facts that the policy's rules look at, for a VM that was found. */
export async function gatherFacts(
  deps: TriggerDependencies,
  subject: Subject,
  vm: VmSummary,
  earlier: readonly RecordSummary[],
  running: number,
): Promise<PolicyFacts> {
  return {
    ...withoutVm(deps, subject),
    tags: vm.tags,
    attempts: earlier.filter((one) => !onlyLooked(one)),
    looks: earlier.filter(onlyLooked),
    startedThisHour: await deps.intake.turnsTaken(turnOf(subject.source), HOUR_SECONDS),
    running,
  };
}

function withoutVm(deps: TriggerDependencies, subject: Subject): PolicyFacts {
  return factsOfRequest({ ...subject, now: deps.clock.now() });
}

/** Attempts that only looked, or were refused before they looked, leave the VM as rested as it was. */
function onlyLooked({ outcome }: RecordSummary): boolean {
  return outcome === 'healthy' || outcome === 'diagnosed' || outcome === 'refused';
}

/** Asks the engine about the holders of places only once it matters: while there are free ones, it does not. */
export async function countRunning(deps: TriggerDependencies, vmId: string, isOver: IsOver): Promise<number> {
  const own = instanceIdOf(vmId);
  const holders = await deps.intake.placeHolders(subscriptionOf(vmId));
  const others = holders.filter(({ instanceId }) => instanceId !== own);
  if (others.length < deps.policy.limits.concurrentPerSubscription) return others.length;
  const over = await Promise.all(others.map(({ instanceId }) => isOver(instanceId)));
  return over.filter((one) => !one).length;
}

/** As `countRunning`, but asks at most once in ten seconds while there is no place. */
function lastCounted(deps: TriggerDependencies, vmId: string, isOver: IsOver): Promise<number> {
  return deps.fullSubscriptions.running(
    subscriptionOf(vmId),
    deps.policy.limits.concurrentPerSubscription,
    () => countRunning(deps, vmId, isOver),
  );
}

function waits({ decidedBy }: PolicyDecision): Admission {
  return { status: 'wait', reason: decidedBy?.reason ?? '' };
}

function refusedBy(decision: PolicyDecision): Admission {
  const rule = decision.decidedBy?.rule;
  return {
    status: 'refused',
    problem: refusalOf(decision),
    ...(rule === undefined ? {} : { rule }),
  };
}

/** What the sender is answered whom the policy refused. */
export function refusalOf({ decidedBy }: PolicyDecision): Problem {
  const { code = 'PolicyRefused', reason, retryAfterSeconds } = decidedBy ?? {};
  return {
    ...problem(code, reason),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}
