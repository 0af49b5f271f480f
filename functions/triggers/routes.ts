import type { HttpMethod } from '@azure/functions';
import { postAlert } from './alerts.ts';
import { getDashboard } from './dashboard.ts';
import { ROLES, type Role } from '../../shared/model/principal.ts';
import { ERRORS_PATH } from '../../shared/errors-document.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { only } from './door.ts';
import { getErrorsPage } from './errors-page.ts';
import { explainPolicy } from './explain-policy.ts';
import { getRemediation, getReport, listRemediations } from './get-remediations.ts';
import { getHealth } from './health.ts';
import type { Handler } from './http.ts';
import { getOpenApi } from './openapi.ts';
import { postApproval } from './post-approval.ts';
import { postCancel } from './post-cancel.ts';
import { postRemediation } from './post-remediation.ts';
import { postRollback } from './post-rollback.ts';
import { postTicket } from './tickets.ts';

/** One address of the service. */
export interface Route {
  readonly name: string;
  /** Whole, as host.json sets no prefix; no slash in front. */
  readonly path: string;
  readonly handlers: Partial<Record<HttpMethod, Handler>>;
  /**
   * Who may call: `caller` (function key, or Entra ID where that is set up; each handler says which role it takes); `connector` (the
   * key, and what the connector asks for); `anybody`.
   */
  readonly access: 'caller' | 'connector' | 'anybody';
}

const ASKS: readonly Role[] = ['Request', 'Operate'];
/** Whoever may ask for a repair may call one off, and so may whoever may approve it. */
const STOPS: readonly Role[] = ROLES;

/** Every address that takes a request in or tells how it goes on. */
export function httpRoutes(deps: TriggerDependencies): readonly Route[] {
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
      name: 'dashboard',
      // Nothing at all: the host takes an empty route for none given, and one with a slash in front breaks it.
      path: '{nothing:maxlength(0)?}',
      handlers: { GET: only(ROLES, getDashboard(deps)) },
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
