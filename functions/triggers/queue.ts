import { createHash } from 'node:crypto';
import type { InvocationContext } from '@azure/functions';
import { isRetryable } from '../../shared/error-codes.ts';
import { MedicError, problem, toProblem, type Problem } from '../../shared/errors.ts';
import { countAside } from '../../shared/metrics.ts';
import type { RemediationRequest } from '../../shared/model/request.ts';
import { believed } from '../../shared/intake/own-messages.ts';
import { readQueueMessage } from '../../shared/intake/queue.ts';
import { defaultsFor } from '../../shared/repair/policy/defaults.ts';
import type { TriggerDependencies } from './dependencies.ts';
import type { Engine } from './engine.ts';
import { logEvent } from './log.ts';
import { redact } from '../../shared/intake/redact.ts';
import { enqueue, startRemediation, type StartAnswer } from './start.ts';

export const QUEUE = 'remediation-requests';
export const POISON_QUEUE = `${QUEUE}-poison`;

export type QueueHandler = (entry: unknown, engine: Engine, context: InvocationContext) => Promise<void>;

/**
 * Takes a message of the queue. What can never succeed (not a request, refused) is put aside at once, with
 * the reason; what Azure throttles or does not answer waits in the queue, however long; what else may succeed later throws, so that the host
 * tries again and in the end moves it to the poison queue, whose watcher finds the reason noted here.
 */
export function takeMessage(deps: TriggerDependencies): QueueHandler {
  return async (entry, engine, context) => {
    const messageId = messageIdOf(context);
    const read = readQueueMessage(entry, messageId, defaultsFor(deps.policy, 'queue'));
    if (!read.ok) return putAside(deps, context, QUEUE, entry, read.problem);
    const { vmId } = read.value;
    try {
      const request = await believed(read.value, messageId, deps.intake);
      const answer = await startOrWait(engine, deps, request);
      logEvent(context, 'queue-request', { vmId, status: answer.status });
      if (answer.status === 'refused') await putAside(deps, context, QUEUE, entry, answer.problem, request);
    } catch (error) {
      const failure = toProblem(error);
      await deps.intake.noteFailure(hashOf(entry), { ...failure, message: redact(failure.message) });
      throw error;
    }
  };
}

async function startOrWait(
  engine: Engine,
  deps: TriggerDependencies,
  request: RemediationRequest,
): Promise<StartAnswer> {
  try {
    return await startRemediation(engine, deps, request, 'queue');
  } catch (error) {
    if (!(error instanceof MedicError) || !isRetryable(error.code)) throw error;
    return enqueue(deps, request, redact(error.message), 'queue');
  }
}

/** Takes what the host gave up on, and keeps why. */
export function takePoison(deps: TriggerDependencies): QueueHandler {
  return async (entry, _engine, context) => {
    const messageId = messageIdOf(context);
    const request = readQueueMessage(entry, messageId, defaultsFor(deps.policy, 'queue'));
    // Before it is kept: what is put back on the queue later is believed for what it says.
    const known = request.ok ? await believed(request.value, messageId, deps.intake) : undefined;
    const noted = await deps.intake.readFailure(hashOf(entry));
    const reason = noted ?? problem('Internal', 'The host gave up on the message without a recorded reason.');
    await putAside(deps, context, POISON_QUEUE, entry, reason, known);
  };
}

/** Keeps why a message came to nothing, and the request where there was one. */
export async function putAside(
  deps: TriggerDependencies,
  context: InvocationContext,
  queue: string,
  entry: unknown,
  reason: Problem,
  request?: RemediationRequest,
): Promise<void> {
  await deps.intake.putAside({
    id: messageIdOf(context),
    at: new Date(deps.clock.now()).toISOString(),
    queue,
    problem: reason,
    sha256: hashOf(entry),
    bytes: Buffer.byteLength(textOf(entry)),
    ...(request === undefined ? {} : { request }),
  });
  const { code, message } = reason;
  countAside(queue, code);
  logEvent(context, 'message-put-aside', { queue, code, message, vmId: request?.vmId });
}

/** What a message is known by in both queues: the host moves its text to the poison queue under a new id. */
export function hashOf(entry: unknown): string {
  return createHash('sha256').update(textOf(entry)).digest('hex');
}

function textOf(entry: unknown): string {
  return typeof entry === 'string' ? entry : JSON.stringify(entry ?? null);
}

export function messageIdOf({ triggerMetadata, invocationId }: InvocationContext): string {
  const id = triggerMetadata?.['id'] ?? triggerMetadata?.['Id'];
  return typeof id === 'string' ? id : invocationId;
}
