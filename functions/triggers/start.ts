import { problem, type Problem } from '../../shared/errors.ts';
import { countRequest } from '../../shared/metrics.ts';
import { traceRequest } from '../../shared/tracing.ts';
import type { RemediationInput, RemediationRequest, RequestSource } from '../../shared/model/request.ts';
import { sourceNameOf } from '../../shared/repair/policy/caps.ts';
import type { RuleId } from '../../shared/repair/policy/facts.ts';
import { admit, type Admitted } from './admit.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { engineUnavailable, findActive, isOver, type Engine } from './engine.ts';
import { freePlace, takePlace } from './places.ts';
import { takeTurn } from './turns.ts';
import { instanceIdOf, newRemediationId } from '../../shared/model/remediation-id.ts';

/** The name under which the orchestration is registered. */
export const ORCHESTRATION = 'remediate';
/** How long a request waits in the queue for a place before it asks again. */
export const WAIT_SECONDS = 60;
/** Longer than the first news need to go out. */
const LATE_NEWS_SECONDS = 20;

const PLACES_TAKEN = 'the concurrency limit of the subscription has just been reached';

/** What became of a request. */
export type StartAnswer =
  | { readonly status: 'started' | 'joined'; readonly vmId: string; readonly remediationId: string }
  | { readonly status: 'queued'; readonly vmId: string; readonly reason: string }
  | { readonly status: 'refused'; readonly vmId: string; readonly problem: Problem; readonly rule?: RuleId };

/**
 * The one way in which a repair is started. Checking first and starting afterwards is a race, and no
 * check here closes it: the engine does, because the instance id is derived from the VM. A second start
 * while the first goes on is answered 409; and where two start in the same instant, the backend keeps one
 * row, drops the other's start message, and answers both callers 202. Hence the id is read back from the
 * engine afterwards, never assumed. See docs/decisions/0003-one-vm-one-remediation.md.
 */
export async function startRemediation(
  engine: Engine,
  deps: TriggerDependencies,
  request: RemediationRequest,
  via: 'direct' | 'queue' = 'direct',
): Promise<StartAnswer> {
  const answer = await startOrJoin(engine, deps, request, via);
  if ('remediationId' in answer)
    traceRequest(answer.remediationId, { ...request.source, result: answer.status });
  countRequest({
    source: request.source.kind,
    result: answer.status,
    ...(answer.status === 'refused' ? { code: answer.problem.code, rule: answer.rule } : {}),
  });
  return answer;
}

async function startOrJoin(
  engine: Engine,
  deps: TriggerDependencies,
  request: RemediationRequest,
  via: 'direct' | 'queue',
): Promise<StartAnswer> {
  if (deps.closed !== undefined)
    return { vmId: request.vmId, status: 'refused', problem: problem('DoorsClosed', deps.closed) };
  const instanceId = instanceIdOf(request.vmId);
  const source = sourceNameOf(request.source);
  const active = await findActive(engine, instanceId);
  if (active) {
    if (via === 'queue') await deps.intake.stopWaiting(instanceId);
    return join(deps, active, request);
  }

  const admission = await admit(deps, { ...request, source }, (holder) => isOver(engine, holder), via);
  if (admission.status === 'refused') {
    // Its message is spent: a mark left behind would keep the next request from getting one.
    if (via === 'queue') await deps.intake.stopWaiting(instanceId);
    return { vmId: request.vmId, ...admission };
  }
  const reason = admission.status === 'wait' ? admission.reason : PLACES_TAKEN;
  // The turn first: a place may be the same VM's, started in this very instant, and is not to be given back here.
  if (
    admission.status === 'admitted' &&
    (await takeTurn(deps, source)) &&
    (await takePlace(engine, deps, request.vmId))
  )
    return startInstance(engine, deps, request, instanceId, admission);
  // It may be this very VM, started meanwhile, that took the last place.
  const meanwhile = await findActive(engine, instanceId);
  if (meanwhile) return join(deps, meanwhile, request);
  return enqueue(deps, request, reason, via);
}

async function startInstance(
  engine: Engine,
  deps: TriggerDependencies,
  request: RemediationRequest,
  instanceId: string,
  { attempt, approval }: Admitted,
): Promise<StartAnswer> {
  const input = newInput(deps, request, attempt, approval);
  const running = await launch(engine, deps, ORCHESTRATION, input);
  if (running.remediationId !== input.remediationId) return join(deps, running, request);
  // It goes on, whatever becomes of its mark, which is forgotten by itself.
  await deps.intake.stopWaiting(instanceId).catch(() => undefined);
  return { status: 'started', vmId: request.vmId, remediationId: input.remediationId };
}

/** What an attempt that begins now is started with. */
export function newInput(
  { clock, hub, policyVersion }: Pick<TriggerDependencies, 'clock' | 'hub' | 'policyVersion'>,
  request: RemediationRequest,
  attempt: number,
  approval: RemediationInput['approval'],
): RemediationInput {
  const remediationId = newRemediationId(instanceIdOf(request.vmId), clock.now());
  return { request, remediationId, attempt, approval, policyVersion, hub, epoch: 1 };
}

/**
 * Starts an orchestration on the VM's instance, for which a place was taken. Gives back what goes on there now: this, or what was
 * faster. @throws what went wrong, where nothing goes on; then the place is free again.
 */
export async function launch(
  engine: Engine,
  deps: TriggerDependencies,
  orchestration: string,
  input: RemediationInput,
): Promise<RemediationInput> {
  const { vmId } = input.request;
  const instanceId = instanceIdOf(vmId);
  const failure = await startNew(engine, orchestration, instanceId, input);
  const running = await findActive(engine, instanceId);
  if (running && running.remediationId !== input.remediationId) return running;
  if (failure !== undefined) {
    await freePlace(deps, vmId);
    throw failure;
  }
  return input;
}

/** Starts the instance; gives back what went wrong, since a conflict only shows in who runs now. */
async function startNew(
  engine: Engine,
  orchestration: string,
  instanceId: string,
  input: RemediationInput,
): Promise<Error | undefined> {
  try {
    await engine.startNew(orchestration, { instanceId, input });
    return undefined;
  } catch (error) {
    return engineUnavailable(error);
  }
}

async function join(
  deps: TriggerDependencies,
  running: RemediationInput,
  { source, vmId }: RemediationRequest,
): Promise<StartAnswer> {
  const { remediationId } = running;
  // A list beside the instance, not an event to it: a storm of tickets would make its history long, and an
  // event that comes as it ends would be lost.
  if (source.kind === 'ticket' && !isSameTicket(source, running.request.source)) {
    await deps.intake.follow(remediationId, source);
    // "Started" may have been told before this ticket came. Whoever was told is not told twice, unless both
    // messages are taken in one instant: hence the second comes later.
    await deps.news.send({ remediationId, event: 'started' }, LATE_NEWS_SECONDS);
  }
  return { status: 'joined', vmId, remediationId };
}

function isSameTicket(a: RequestSource, b: RequestSource): boolean {
  return a.kind === b.kind && a.name === b.name && a.id === b.id && a.replyTo === b.replyTo;
}

/** Lets a request wait in the queue, and tells why. */
export async function enqueue(
  deps: TriggerDependencies,
  request: RemediationRequest,
  reason: string,
  via: 'direct' | 'queue',
): Promise<StartAnswer> {
  const { vmId } = request;
  const since = new Date(deps.clock.now()).toISOString();
  const first = await deps.intake.startWaiting({ instanceId: instanceIdOf(vmId), vmId, since, reason });
  // One message a VM is enough, and one that came from the queue goes back to it; a ticket has comments
  // to get, so each keeps its own.
  if (first || via === 'queue' || request.source.kind === 'ticket') {
    await deps.queue.send(request, WAIT_SECONDS);
  }
  return { status: 'queued', vmId, reason };
}
