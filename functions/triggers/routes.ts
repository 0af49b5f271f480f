import { postAlert } from './alerts.ts';
import { ROLES, type Role } from '../../shared/model/principal.ts';
import { ERRORS_PATH } from '../../shared/errors-document.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { only } from './door.ts';
import { getErrorsPage } from './errors-page.ts';
import { explainPolicy } from './explain-policy.ts';
import { getCounts } from './get-counts.ts';
import { getEvidence } from './get-evidence.ts';
import { getRemediation, getReport } from './get-remediations.ts';
import { getHealth } from './health.ts';
import { listRemediations } from './list-remediations.ts';
import { getOpenApi } from './openapi.ts';
import { pageRoutes } from './page/routes.ts';
import { withSharedList } from './page/shared-list.ts';
import { postApproval } from './post-approval.ts';
import { postCancel } from './post-cancel.ts';
import { postRemediation } from './post-remediation.ts';
import { postRollback } from './post-rollback.ts';
import { getQueue, postRequeue } from './request-queue.ts';
import type { Route } from './route.ts';
import { postTicket } from './tickets.ts';

const ASKS: readonly Role[] = ['Request', 'Operate'];
/** Whoever may ask for a repair may call one off, and so may whoever may approve it. */
const STOPS: readonly Role[] = ROLES;

/** Every address that takes a request in or tells how it goes on, for programs and for the page. */
export function httpRoutes(deps: TriggerDependencies): readonly Route[] {
  const shown = { ...deps, records: withSharedList(deps.records, deps.clock) };
  return [...apiRoutes(deps), ...pageRoutes(deps, apiRoutes(shown))];
}

function apiRoutes(deps: TriggerDependencies): readonly Route[] {
  return [
    {
      name: 'remediations',
      path: 'api/remediations',
      handlers: { GET: only(ROLES, listRemediations(deps)), POST: only(ASKS, postRemediation(deps)) },
      access: 'caller',
    },
    {
      name: 'remediation',
      path: 'api/remediations/{id}',
      handlers: { GET: only(ROLES, getRemediation(deps)) },
      access: 'caller',
    },
    {
      name: 'remediationReport',
      path: 'api/remediations/{id}/report',
      handlers: { GET: only(ROLES, getReport(deps)) },
      access: 'caller',
    },
    {
      name: 'remediationEvidence',
      path: 'api/remediations/{id}/evidence/{name}',
      handlers: { GET: only(ROLES, getEvidence(deps)) },
      access: 'caller',
    },
    {
      name: 'remediationApproval',
      path: 'api/remediations/{id}/approval',
      handlers: { POST: only(['Approve'], postApproval(deps)) },
      access: 'caller',
    },
    {
      name: 'remediationCancel',
      path: 'api/remediations/{id}/cancel',
      handlers: { POST: only(STOPS, postCancel(deps)) },
      access: 'caller',
    },
    {
      name: 'remediationRollback',
      path: 'api/remediations/{id}/rollback',
      handlers: { POST: only(['Operate'], postRollback(deps)) },
      access: 'caller',
    },
    {
      name: 'counts',
      path: 'api/counts',
      handlers: { GET: only(ROLES, getCounts(deps)) },
      access: 'caller',
    },
    { name: 'queue', path: 'api/queue', handlers: { GET: only(ROLES, getQueue(deps)) }, access: 'caller' },
    {
      name: 'requeue',
      path: 'api/queue/{message}/requeue',
      handlers: { POST: only(['Operate'], postRequeue(deps)) },
      access: 'caller',
    },
    { name: 'alerts', path: 'api/alerts', handlers: { POST: only(ASKS, postAlert(deps)) }, access: 'caller' },
    {
      name: 'tickets',
      path: 'api/tickets/{connector}',
      handlers: { POST: postTicket(deps) },
      access: 'connector',
    },
    {
      name: 'policyExplain',
      path: 'api/policy/explain',
      handlers: { GET: only(ROLES, explainPolicy(deps)) },
      access: 'caller',
    },
    {
      name: 'openapi',
      path: 'api/openapi.json',
      handlers: { GET: only(ROLES, getOpenApi(deps)) },
      access: 'caller',
    },
    { name: 'errors', path: ERRORS_PATH, handlers: { GET: getErrorsPage() }, access: 'anybody' },
    { name: 'health', path: 'api/health', handlers: { GET: getHealth(deps) }, access: 'anybody' },
  ];
}
