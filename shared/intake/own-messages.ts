import { createHash } from 'node:crypto';
import type { RemediationRequest } from '../model/request.ts';
import type { IntakeStore, RequestQueue } from './ports.ts';

type Claims = Pick<IntakeStore, 'claim' | 'isClaimed'>;

/**
 * A queue that remembers what was put on it by ourselves. Whoever else may write to the queue can write any source into a message, and
 * with it a larger cap or somebody's name: that counts only for what we sent.
 */
export function withProof(queue: RequestQueue, intake: Claims): RequestQueue {
  return {
    async send(request, delaySeconds) {
      await intake.claim('sent', hashOf(request));
      await queue.send(request, delaySeconds);
    },
  };
}

/** The request as it may be believed: one that we did not send comes from the queue, whatever it says. */
export async function believed(
  request: RemediationRequest,
  messageId: string,
  intake: Claims,
): Promise<RemediationRequest> {
  if (request.source.kind === 'queue' || (await intake.isClaimed('sent', hashOf(request)))) return request;
  return { ...request, source: { kind: 'queue', id: messageId.slice(0, 512) } };
}

/** Both have gone through one schema, so the same request is the same text. */
function hashOf(request: RemediationRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
