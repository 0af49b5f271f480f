import * as df from 'durable-functions';
import { guarded } from './authentication.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { ALL_METHODS, endpoint } from './http.ts';
import { POISON_QUEUE, QUEUE, takeMessage, takePoison } from './queue.ts';
import { NEWS_POISON_QUEUE, NEWS_QUEUE, takeNews, takeNewsPoison } from './ticket-news.ts';
import { ROUNDS, sendRound } from './rounds.ts';
import { httpRoutes } from './routes.ts';

/** Registers every trigger that takes a request in or tells how it goes on. Call it once, at start-up. */
export function registerTriggers(deps: TriggerDependencies): void {
  const entra = deps.settings['RDP_MEDIC_AUTH'] === 'entra';
  for (const { name, path, handlers, access } of httpRoutes(deps)) {
    const handler = endpoint(handlers);
    df.app.client.http(name, {
      route: path,
      methods: ALL_METHODS,
      authLevel: entra || access === 'anybody' ? 'anonymous' : 'function',
      // A ticket system signs in by its connector's own means; it has no place in Entra ID.
      handler: entra && access === 'caller' ? guarded(handler) : handler,
    });
  }
  const queues = {
    remediationRequests: { queueName: QUEUE, handler: takeMessage(deps) },
    remediationRequestsPoison: { queueName: POISON_QUEUE, handler: takePoison(deps) },
    ticketNews: { queueName: NEWS_QUEUE, handler: takeNews(deps) },
    ticketNewsPoison: { queueName: NEWS_POISON_QUEUE, handler: takeNewsPoison(deps) },
  };
  for (const [name, options] of Object.entries(queues)) {
    df.app.client.storageQueue(name, { connection: 'AzureWebJobsStorage', ...options });
  }
  for (const round of Object.values(ROUNDS))
    df.app.client.timer(round.instance, { schedule: round.schedule, handler: sendRound(round) });
}
