import type { OrchestrationContext, Task } from 'durable-functions';
import { isRetryable, MedicError, type ErrorCode } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { DurableCall } from '../../shared/model/durable-call.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import type { Begun, Operation } from '../../shared/model/operation.ts';
import { backoffSeconds, pollSeconds, TIMING } from '../../shared/repair/timing.ts';

/** A part of an orchestration: yields durable tasks, gives back a value. */
export type Steps<T> = Generator<Task, T, unknown>;

/** Waits without costing anything: the host may sleep, move or be killed meanwhile. */
export function* wait(context: OrchestrationContext, seconds: number): Steps<void> {
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + seconds * 1000));
}

/** The orchestration's own time, ISO 8601: the same at every replay. */
export function now(context: OrchestrationContext): string {
  return context.df.currentUtcDateTime.toISOString();
}

/**
 * Calls an activity. A retryable problem (throttled, unavailable, busy) is waited out here, with durable timers.
 * @throws MedicError with the problem's code, when it is final.
 */
export function* act<Input, Output>(
  context: OrchestrationContext,
  contract: DurableCall<Input, Output>,
  input: Input,
): Steps<Output> {
  for (let tries = 1; ; tries++) {
    const answer = contract.parseAnswer(yield context.df.callActivity(contract.name, input));
    if (answer.ok) return answer.value;
    const { code, message, retryAfterSeconds } = answer.problem;
    if (!isRetryable(code) || tries >= TIMING.retryTries) throw new MedicError(code, message);
    yield* wait(context, backoffSeconds(tries, retryAfterSeconds));
  }
}

/** Begins an Azure operation and waits for its end. @throws MedicError. */
export function* complete<Input>(
  context: OrchestrationContext,
  contract: DurableCall<Input, Operation>,
  input: Input,
): Steps<void> {
  yield* ended(context, yield* act(context, contract, input));
}

/** What may pass when tried again later, although it was final for one try. */
const MAY_PASS: readonly ErrorCode[] = ['OperationFailed', 'OperationTimedOut'];

/**
 * For what must succeed if it can: tries again, minutes apart, where Azure took the work on and failed at it. What
 * is tried must be safe to try twice. @throws MedicError, the last one.
 */
export function* persist(context: OrchestrationContext, attempt: () => Steps<void>): Steps<void> {
  for (let tries = 1; ; tries++) {
    try {
      yield* attempt();
      return;
    } catch (error) {
      const mayPass =
        error instanceof MedicError && (isRetryable(error.code) || MAY_PASS.includes(error.code));
      if (!mayPass || tries >= TIMING.persistTries) throw error;
    }
    yield* wait(context, TIMING.persistPause);
  }
}

/** As `complete`, for an operation that makes a resource: gives back its id. */
export function* make<Input>(
  context: OrchestrationContext,
  contract: DurableCall<Input, Begun>,
  input: Input,
): Steps<string> {
  const { id, operation } = yield* act(context, contract, input);
  yield* ended(context, operation);
  return id;
}

/** The polls are a sub-orchestration's, so that the caller's history stays short: it is replayed on every turn. */
function* ended(context: OrchestrationContext, operation: Operation): Steps<void> {
  if (!operation.done) yield* sub(context, SUB_ORCHESTRATIONS.awaitOperation, { operation });
}

/** Polls an operation to its end; the sub-orchestration `awaitOperation`. @throws MedicError. */
export function* pollToEnd(
  context: OrchestrationContext,
  { operation }: { operation: Operation },
): Steps<object> {
  const begun = context.df.currentUtcDateTime.getTime();
  for (let current = operation; !current.done;) {
    const waited = (context.df.currentUtcDateTime.getTime() - begun) / 1000;
    if (waited > TIMING.operationLimit) {
      throw new MedicError(
        'OperationTimedOut',
        `An Azure operation did not end within ${TIMING.operationLimit / 60} minutes.`,
      );
    }
    yield* wait(context, pollSeconds(current.pollAfterSeconds, waited));
    current = yield* act(context, ACTIVITIES.pollOperation, current);
  }
  return {};
}

/** Runs a sub-orchestration and gives back its value. @throws MedicError with its problem's code. */
export function* sub<Input, Output>(
  context: OrchestrationContext,
  contract: DurableCall<Input, Output>,
  input: Input,
): Steps<Output> {
  const result = contract.parseAnswer(yield context.df.callSubOrchestrator(contract.name, input));
  if (result.ok) return result.value;
  throw new MedicError(result.problem.code, result.problem.message);
}
