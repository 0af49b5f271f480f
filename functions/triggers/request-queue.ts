import { problem } from '../../shared/errors.ts';
import type { AsideMessage, WaitingVm } from '../../shared/intake/ports.ts';
import { parseVmId } from '../../shared/model/vm-id.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { json, problemResponse, type Handler } from './http.ts';
import { logEvent } from './log.ts';

/** The most poison messages that are told of, the newest. */
const MOST = 200;

/** `GET /api/queue`: whose requests wait in the queue, and the poison messages, each with what was wrong with it. */
export function getQueue({ intake }: TriggerDependencies): Handler {
  return async () => {
    const [waiting, aside] = await Promise.all([intake.listWaiting(), intake.listAside(MOST)]);
    return json(200, { queued: waiting.map(toQueued), poison: aside.map(toPoison) });
  };
}

/**
 * `POST /api/queue/{message}/requeue`: puts the request of a poison message back on the queue, as it came and from whom it came: it may
 * do no more than it might have then. What could not be read was not kept, and cannot be put back.
 */
export function postRequeue({ intake, queue }: TriggerDependencies): Handler {
  return async ({ request, context }) => {
    const id = request.params['message'] ?? '';
    const message = await intake.readAside(id);
    if (!message) return problemResponse(problem('NotFound', 'There is no such poison message.'));
    if (!message.request) return problemResponse(problem('NothingToRequeue'));
    // Sent before it is forgotten: twice is once, since a VM has one remediation at a time.
    await queue.send(message.request, 0);
    await intake.forgetAside(id);
    const { vmId } = message.request;
    logEvent(context, 'message-requeued', { message: id, vmId });
    return json(202, { id, vmId, status: 'requeued' });
  };
}

function toQueued({ vmId, since, reason }: WaitingVm): object {
  return { vmId, vm: vmOf(vmId), since, reason };
}

function toPoison({ id, at, queue, problem: why, bytes, request }: AsideMessage): object {
  const { code, message, next } = why;
  const { vmId, mode, source } = request ?? {};
  return {
    id,
    at,
    queue,
    problem: { code, message, next },
    bytes,
    ...(vmId !== undefined && { vmId, vm: vmOf(vmId), mode, source: source?.kind }),
    canRequeue: request !== undefined,
  };
}

function vmOf(vmId: string): object {
  const { name = vmId, resourceGroup = '', subscriptionId = '' } = parseVmId(vmId) ?? {};
  return { name, resourceGroup, subscriptionId };
}
