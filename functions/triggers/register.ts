import * as df from 'durable-functions';
import type { TriggerDependencies } from './dependencies.ts';
import { asksForKey, doorOf } from './door.ts';
import { ALL_METHODS } from './http.ts';
import { POISON_QUEUE, QUEUE, takeMessage, takePoison } from './queue.ts';
import { NEWS_POISON_QUEUE, NEWS_QUEUE, takeNews, takeNewsPoison } from './ticket-news.ts';
import { fleetWatchRound, ROUNDS, sendRound } from './rounds.ts';
import { httpRoutes } from './routes.ts';

/** Registers every trigger that takes a request in or tells how it goes on. Call it once, at start-up. */
export function registerTriggers(deps: TriggerDependencies): void {
  for (const route of httpRoutes(deps)) {
    df.app.client.http(route.name, {
      route: route.path,
      methods: ALL_METHODS,
      authLevel: asksForKey(deps, route) ? 'function' : 'anonymous',
      handler: doorOf(deps, route),
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
  const fleetWatch = fleetWatchRound(deps.fleetWatchMinutes);
  for (const round of [...Object.values(ROUNDS), ...(fleetWatch ? [fleetWatch] : [])])
    df.app.client.timer(round.instance, { schedule: round.schedule, handler: sendRound(round) });
}
