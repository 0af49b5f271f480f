import { toProblem, type Problem } from '../../shared/errors.ts';
import { readAlert } from '../../shared/intake/alerts/read-alert.ts';
import type { RemediationRequest } from '../../shared/model/request.ts';
import { defaultsFor } from '../../shared/repair/policy/defaults.ts';
import { remediationAddress, vmAddress } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { json, problemResponse, readBody, type Call, type Handler } from './http.ts';
import { logEvent } from './log.ts';
import { startRemediation, type StartAnswer } from './start.ts';

/** An action group gives up waiting after ten seconds, so an alert with more targets goes to the queue. */
const MOST_TARGETS_AT_ONCE = 20;
const AT_A_TIME = 5;
const RETRY_SECONDS = 30;

/** `POST /api/alerts`: what Azure Monitor's action group sends. */
export function postAlert(deps: TriggerDependencies): Handler {
  return async (call) => {
    const body = await readBody(call.request);
    if (!body.ok) return problemResponse(body.problem);
    const alert = readAlert(body.value, defaultsFor(deps.policy, 'alert'));
    if (!alert.ok) return refuse(call, alert.problem);
    const { requests, refused, reason } = alert.value;
    if (reason !== undefined) {
      logEvent(call.context, 'alert-nothing-to-do', { reason });
      return json(202, { status: 'nothing-to-do', reason, results: [] });
    }
    const answers = await inBatches(requests, (request) =>
      requests.length > MOST_TARGETS_AT_ONCE
        ? enqueue(deps, request, 'the alert has many targets', 0)
        : startOrQueue(deps, call, request),
    );
    const results = [
      ...answers.map((answer) => describe(call, answer)),
      ...refused.map(({ target, problem }) => ({ target, status: 'refused', ...whyRefused(problem) })),
    ];
    for (const { status, vmId } of answers) logEvent(call.context, 'alert-target', { status, vmId });
    return json(202, { status: 'accepted', results });
  };
}

function refuse({ context }: Call, problem: Problem): ReturnType<typeof problemResponse> {
  logEvent(context, 'alert-refused', { code: problem.code });
  return problemResponse(problem);
}

/** A target whose start fails for a passing reason is kept in the queue: the alert may never come again. */
async function startOrQueue(
  deps: TriggerDependencies,
  { engine, context }: Call,
  request: RemediationRequest,
): Promise<StartAnswer> {
  try {
    return await startRemediation(engine, deps, request);
  } catch (error) {
    const { code, message } = toProblem(error);
    logEvent(context, 'alert-target-failed', { vmId: request.vmId, code, message });
    return enqueue(deps, request, 'the first start attempt failed', RETRY_SECONDS);
  }
}

async function enqueue(
  { queue }: TriggerDependencies,
  request: RemediationRequest,
  reason: string,
  delaySeconds: number,
): Promise<StartAnswer> {
  await queue.send(request, delaySeconds);
  return { status: 'queued', vmId: request.vmId, reason };
}

function describe({ request }: Call, answer: StartAnswer): Record<string, unknown> {
  const { vmId, status } = answer;
  if (answer.status === 'refused') {
    return { vmId, status, ...whyRefused(answer.problem), ...(answer.rule ? { rule: answer.rule } : {}) };
  }
  if (answer.status === 'queued') {
    return { vmId, status, reason: answer.reason, location: vmAddress(request, vmId) };
  }
  const { remediationId: id } = answer;
  return { vmId, status, id, location: remediationAddress(request, id) };
}

function whyRefused({ code, message, next }: Problem): Record<string, string> {
  return { code, reason: message, next };
}

async function inBatches<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const done: U[] = [];
  for (let at = 0; at < items.length; at += AT_A_TIME) {
    done.push(...(await Promise.all(items.slice(at, at + AT_A_TIME).map(work))));
  }
  return done;
}
