import type { HttpMethod } from '@azure/functions';
import * as df from 'durable-functions';
import { postAlert } from './alerts.ts';
import { guarded } from './authentication.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { explainPolicy } from './explain-policy.ts';
import { getRemediation, getReport, listRemediations } from './get-remediations.ts';
import { getHealth } from './health.ts';
import { ALL_METHODS, endpoint, type Handler } from './http.ts';
import { getOpenApi } from './openapi.ts';
import { postRemediation } from './post-remediation.ts';
import { POISON_QUEUE, QUEUE, takeMessage, takePoison } from './queue.ts';
import { postTicket } from './tickets.ts';

type Handlers = Partial<Record<HttpMethod, Handler>>;

/** Registers every trigger that takes a request in or tells how it goes on. Call it once, at start-up. */
export function registerTriggers(deps: TriggerDependencies): void {
  const entra = deps.settings['RDP_MEDIC_AUTH'] === 'entra';
  const route = (name: string, path: string, handlers: Handlers): void => {
    df.app.client.http(name, {
      route: path,
      methods: ALL_METHODS,
      authLevel: entra ? 'anonymous' : 'function',
      handler: entra ? guarded(endpoint(handlers)) : endpoint(handlers),
    });
  };
  route('remediations', 'api/remediations', { GET: listRemediations(deps), POST: postRemediation(deps) });
  route('remediation', 'api/remediations/{id}', { GET: getRemediation(deps) });
  route('remediationReport', 'api/remediations/{id}/report', { GET: getReport(deps) });
  route('alerts', 'api/alerts', { POST: postAlert(deps) });
  route('policyExplain', 'api/policy/explain', { GET: explainPolicy(deps) });
  route('openapi', 'api/openapi.json', { GET: getOpenApi(deps) });

  // A ticket system signs in by its connector's own means, whatever the others do.
  df.app.client.http('tickets', {
    route: 'api/tickets/{connector}',
    methods: ALL_METHODS,
    authLevel: entra ? 'anonymous' : 'function',
    handler: endpoint({ POST: postTicket(deps) }),
  });
  df.app.client.http('health', {
    route: 'api/health',
    methods: ALL_METHODS,
    authLevel: 'anonymous',
    handler: endpoint({ GET: getHealth(deps) }),
  });

  const connection = 'AzureWebJobsStorage';
  df.app.client.storageQueue('remediationRequests', {
    queueName: QUEUE,
    connection,
    handler: takeMessage(deps),
  });
  df.app.client.storageQueue('remediationRequestsPoison', {
    queueName: POISON_QUEUE,
    connection,
    handler: takePoison(deps),
  });
}
