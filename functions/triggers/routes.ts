import type { HttpMethod } from '@azure/functions';
import { postAlert } from './alerts.ts';
import { getDashboard } from './dashboard.ts';
import type { TriggerDependencies } from './dependencies.ts';
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
   * Who may call: `caller` (function key, or Entra ID where that is set up); `connector` (the key, and what
   * the connector asks for); `anybody`.
   */
  readonly access: 'caller' | 'connector' | 'anybody';
}

/** Every address that takes a request in or tells how it goes on. */
export function httpRoutes(deps: TriggerDependencies): readonly Route[] {
  return [
    {
      name: 'remediations',
      path: 'api/remediations',
      handlers: { GET: listRemediations(deps), POST: postRemediation(deps) },
      access: 'caller',
    },
    {
      name: 'remediation',
      path: 'api/remediations/{id}',
      handlers: { GET: getRemediation(deps) },
      access: 'caller',
    },
    {
      name: 'remediationReport',
      path: 'api/remediations/{id}/report',
      handlers: { GET: getReport(deps) },
      access: 'caller',
    },
    {
      name: 'remediationApproval',
      path: 'api/remediations/{id}/approval',
      handlers: { POST: postApproval(deps) },
      access: 'caller',
    },
    {
      name: 'remediationCancel',
      path: 'api/remediations/{id}/cancel',
      handlers: { POST: postCancel(deps) },
      access: 'caller',
    },
    {
      name: 'remediationRollback',
      path: 'api/remediations/{id}/rollback',
      handlers: { POST: postRollback(deps) },
      access: 'caller',
    },
    { name: 'alerts', path: 'api/alerts', handlers: { POST: postAlert(deps) }, access: 'caller' },
    {
      name: 'tickets',
      path: 'api/tickets/{connector}',
      handlers: { POST: postTicket(deps) },
      access: 'connector',
    },
    {
      name: 'policyExplain',
      path: 'api/policy/explain',
      handlers: { GET: explainPolicy(deps) },
      access: 'caller',
    },
    {
      name: 'dashboard',
      // Nothing at all: the host takes an empty route for none given, and one with a slash in front breaks it.
      path: '{nothing:maxlength(0)?}',
      handlers: { GET: getDashboard(deps) },
      access: 'caller',
    },
    { name: 'openapi', path: 'api/openapi.json', handlers: { GET: getOpenApi(deps) }, access: 'caller' },
    { name: 'health', path: 'api/health', handlers: { GET: getHealth(deps) }, access: 'anybody' },
  ];
}
