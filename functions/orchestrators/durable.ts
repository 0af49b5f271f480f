import type { OrchestrationContext, Task } from 'durable-functions';
import { isRetryable, type ErrorCode } from '../../shared/error-codes.ts';
import { MedicError, problem, type Problem, type Result } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { DurableCall } from '../../shared/model/durable-call.ts';
import { traceOfInput, withTrace, type TraceRef } from '../../shared/model/trace-ref.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import type { Begun, Operation } from '../../shared/model/operation.ts';
import { backoffSeconds, pollSeconds, spreadSeconds, TIMING } from '../../shared/repair/timing.ts';

/** A part of an orchestration: yields durable tasks, gives back a value. */
export type Steps<T> = Generator<Task, T, unknown>;

/** The step that an orchestration is at; another replay has another context, and comes past the same steps. */
const stepsNow = new WeakMap<OrchestrationContext, number>();

/** Says which step of the record the orchestration is at; `undefined`: between steps. */
export function atStep(context: OrchestrationContext, step: number | undefined): void {
  if (step === undefined) stepsNow.delete(context);
  else stepsNow.set(context, step);
}

/** Read once a replay, and not at each call. */
const traces = new WeakMap<OrchestrationContext, { ref: TraceRef | undefined }>();

function traceOf(context: OrchestrationContext): TraceRef | undefined {
  const known = traces.get(context) ?? { ref: traceOfInput(context.df.getInput()) };
  traces.set(context, known);
  return known.ref;
}

/** What is called, with the remediation and the step that it is called for: its spans are part of that trace. */
export function traced<Input>(context: OrchestrationContext, input: Input): Input {
  const ref = traceOf(context);
  const step = stepsNow.get(context) ?? ref?.step;
  return withTrace(input, ref && { ...ref, ...(step !== undefined && { step }) });
}

/** Waits without costing anything: the host may sleep, move or be killed meanwhile. */
export function* wait(context: OrchestrationContext, seconds: number): Steps<void> {
  yield context.df.createTimer(inSeconds(context, seconds));
}

/**
 * Sets a task going that is waited for later. Durable Functions begins what is yielded, and nothing before
 * (learn.microsoft.com, azure-functions/durable, fan-out/fan-in): it is yielded beside a timer that is over at once.
 */
export function* setGoing({ df }: OrchestrationContext, task: Task): Steps<void> {
  const timer = df.createTimer(df.currentUtcDateTime);
  yield df.Task.any([task, timer]);
  if (!timer.isCompleted) timer.cancel();
}

/** The moment so many seconds from now, by the orchestration's own time. */
export function inSeconds({ df }: OrchestrationContext, seconds: number): Date {
  return new Date(df.currentUtcDateTime.getTime() + seconds * 1000);
}

/** The orchestration's own time, ISO 8601: the same at every replay. */
export function now(context: OrchestrationContext): string {
  return context.df.currentUtcDateTime.toISOString();
}

/**
 * Calls an activity. A retryable problem (throttled, unavailable, busy) is waited out here, with durable timers. What is throttled is tried
 * for longer, and at moments that differ from those of other remediations: in a storm hundreds wait for the same bucket.
 * @param waitsFor told of each problem that is waited out
 * @throws MedicError with the problem's code, when it is final.
 */
export function* act<Input, Output>(
  context: OrchestrationContext,
  contract: DurableCall<Input, Output>,
  input: Input,
  waitsFor?: (problem: Problem) => Steps<void>,
): Steps<Output> {
  const begun = context.df.currentUtcDateTime.getTime();
  for (let tries = 1, throttled = 0; ; tries++) {
    const answer = yield* answerOf(context, contract, input);
    if (answer.ok) return answer.value;
    const { code, message, retryAfterSeconds } = answer.problem;
    if (code === 'AzureThrottled') throttled += 1;
    const isOver =
      tries - throttled >= TIMING.retryTries || secondsSince(context, begun) >= TIMING.throttledLimit;
    if (!isRetryable(code) || isOver) throw new MedicError(code, message);
    if (waitsFor) yield* waitsFor(answer.problem);
    const spread = code === 'AzureThrottled' ? spreadSeconds(context.df.instanceId, throttled) : 0;
    yield* wait(context, backoffSeconds(tries, retryAfterSeconds) + spread);
  }
}

/**
 * What an activity answered. It never throws by itself; one that broke off (its worker was restarted, or it took too long) may be
 * tried again, as Azure that is away is.
 */
function* answerOf<Input, Output>(
  context: OrchestrationContext,
  contract: DurableCall<Input, Output>,
  input: Input,
): Steps<Result<Output>> {
  let answer: unknown;
  try {
    answer = yield context.df.callActivity(contract.name, traced(context, input));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      problem: problem('AzureUnavailable', `${contract.name} failed: ${why.slice(0, 300)}`),
    };
  }
  return contract.parseAnswer(answer);
}

/** Begins an Azure operation and waits for its end. @throws MedicError. */
export function* complete<Input>(
  context: OrchestrationContext,
  contract: DurableCall<Input, Operation>,
  input: Input,
): Steps<void> {
  yield* ended(context, yield* act(context, contract, input));
}

/** How long something is tried again that failed. */
export interface Patience {
  /** Seconds before the next try. */
  pause: (tries: number) => number;
  /** Whether another try may help, so many seconds after the first. */
  goesOn: (error: unknown, tries: number, seconds: number) => boolean;
  /** Told of each failure after which it goes on. */
  failed?: (error: unknown, seconds: number) => Steps<void>;
}

/** What may pass when tried again later, although it was final for one try: Azure took the work on and failed at it. */
const MAY_PASS: readonly ErrorCode[] = ['OperationFailed', 'OperationTimedOut'];

/**
 * Some tries, so many seconds apart.
 * @param beside what else may pass
 */
export function someTries(pause: number, beside: readonly ErrorCode[] = []): Patience {
  const mayPass = [...MAY_PASS, ...beside];
  return {
    pause: () => pause,
    goesOn: (error, tries) =>
      tries < TIMING.persistTries &&
      error instanceof MedicError &&
      (isRetryable(error.code) || mayPass.includes(error.code)),
  };
}

/** For what must succeed if it can. What is tried must be safe to try twice. @throws the last error. */
export function* persist(
  context: OrchestrationContext,
  attempt: () => Steps<void>,
  { pause, goesOn, failed }: Patience = someTries(TIMING.persistPause),
): Steps<void> {
  const begun = context.df.currentUtcDateTime.getTime();
  for (let tries = 1; ; tries++) {
    try {
      yield* attempt();
      return;
    } catch (error) {
      const seconds = secondsSince(context, begun);
      if (!goesOn(error, tries, seconds)) throw error;
      if (failed) yield* failed(error, seconds);
    }
    yield* wait(context, pause(tries));
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

/**
 * The polls are a sub-orchestration's, so that the caller's history stays short: it is replayed on every turn.
 * @param since when it was begun, where something else was done meanwhile: ISO 8601
 */
export function* ended(
  context: OrchestrationContext,
  operation: Operation,
  since: string = now(context),
): Steps<void> {
  if (!operation.done) yield* sub(context, SUB_ORCHESTRATIONS.awaitOperation, { operation, since });
}

/** Polls an operation to its end; the sub-orchestration `awaitOperation`. @throws MedicError. */
export function* pollToEnd(
  context: OrchestrationContext,
  { operation, since }: { operation: Operation; since: string },
): Steps<object> {
  const begun = Date.parse(since);
  let polled = begun;
  for (let current = operation; !current.done;) {
    const waited = secondsSince(context, begun);
    requireInTime(waited);
    const untilPoll = pollSeconds(current.pollAfterSeconds, waited) - secondsSince(context, polled);
    const pause = untilFirst(current, waited) ?? untilPoll;
    if (pause > 0) yield* wait(context, pause);
    polled = context.df.currentUtcDateTime.getTime();
    current = yield* act(context, ACTIVITIES.pollOperation, current);
  }
  return {};
}

/** Seconds until an operation has usually ended, while it has not gone on for so long; `undefined` afterwards, or where nobody knows. */
export function untilFirst({ usualSeconds }: Operation, waited: number): number | undefined {
  return usualSeconds !== undefined && waited < usualSeconds ? usualSeconds - waited : undefined;
}

/** Seconds since a moment (milliseconds), by the orchestration's own time. */
export function secondsSince(context: OrchestrationContext, moment: number): number {
  return (context.df.currentUtcDateTime.getTime() - moment) / 1000;
}

/** @throws MedicError `OperationTimedOut` for an operation that has gone wrong. */
export function requireInTime(seconds: number): void {
  if (seconds > TIMING.operationLimit)
    throw new MedicError(
      'OperationTimedOut',
      `An Azure operation did not complete within ${TIMING.operationLimit / 60} minutes.`,
    );
}

/** The value of an answer. @throws MedicError with its problem's code. */
export function valueOf<Output>(result: Result<Output>): Output {
  if (result.ok) return result.value;
  throw new MedicError(result.problem.code, result.problem.message);
}

/** Runs a sub-orchestration and gives back its value. @throws MedicError with its problem's code. */
export function* sub<Input, Output>(
  context: OrchestrationContext,
  contract: DurableCall<Input, Output>,
  input: Input,
): Steps<Output> {
  return valueOf(contract.parseAnswer(yield beginSub(context, contract, input)));
}

/**
 * Begins a sub-orchestration, which is not waited for yet. It is of the caller's version: without a word it would be of the app's, which may
 * have changed since the caller began.
 */
export function beginSub<Input, Output>(
  context: OrchestrationContext,
  { name }: DurableCall<Input, Output>,
  input: Input,
): Task {
  return context.df.callSubOrchestrator(name, traced(context, input), undefined, context.df.version);
}
