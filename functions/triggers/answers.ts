import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ERRORS } from '../../shared/error-codes.ts';
import { addressOf, json, problemDetails, RETRY_AFTER_SECONDS } from './http.ts';
import { WAIT_SECONDS, type StartAnswer } from './start.ts';

/** The address at which a remediation is followed. */
export function remediationAddress(request: HttpRequest, remediationId: string): string {
  return addressOf(request, `/api/remediations/${remediationId}`);
}

/** The list of a VM's remediations: where a request that still waits will show up. */
export function vmAddress(request: HttpRequest, vmId: string): string {
  return addressOf(request, `/api/remediations?vm=${encodeURIComponent(vmId)}`);
}

/** Answers a request for one VM: 202 and where to look, or problem details with the rule that decided. */
export function answerStart(request: HttpRequest, answer: StartAnswer): HttpResponseInit {
  if (answer.status === 'refused') {
    const { problem, rule, vmId } = answer;
    const explain = addressOf(request, `/api/policy/explain?vm=${encodeURIComponent(vmId)}`);
    return json(
      ERRORS[problem.code].status,
      problemDetails(problem, { vmId, ...(rule === undefined ? {} : { rule, explain }) }),
      {
        'content-type': 'application/problem+json; charset=utf-8',
        ...(problem.retryAfterSeconds === undefined
          ? {}
          : { 'retry-after': String(problem.retryAfterSeconds) }),
      },
    );
  }
  if (answer.status === 'queued') {
    return json(202, answer, {
      location: vmAddress(request, answer.vmId),
      'retry-after': String(WAIT_SECONDS),
    });
  }
  const location = remediationAddress(request, answer.remediationId);
  const { remediationId, ...rest } = answer;
  return json(
    202,
    { id: remediationId, ...rest, location },
    { location, 'retry-after': String(RETRY_AFTER_SECONDS) },
  );
}
