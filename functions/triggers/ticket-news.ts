import { problem } from '../../shared/errors.ts';
import { newsSchema, type News } from '../../shared/model/news.ts';
import { tellTickets } from '../../shared/intake/tickets/tell-tickets.ts';
import { baseAddressOf } from '../../shared/base-address.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { logEvent } from './log.ts';
import { startNotifications } from './notifications.ts';
import { hashOf, putAside, type QueueHandler } from './queue.ts';

export const NEWS_QUEUE = 'ticket-news';
export const NEWS_POISON_QUEUE = `${NEWS_QUEUE}-poison`;

/**
 * Has every channel told what happened, and tells the tickets of the remediation. A ticket system that is away makes this throw, and the
 * host try again; one that refuses is put aside, since it would refuse again.
 */
export function takeNews(deps: TriggerDependencies): QueueHandler {
  return async (entry, engine, context) => {
    const news = newsSchema.parse(entry);
    // First: these only begin, while a ticket system that is away ends this in an error.
    await startNotifications(engine, deps, news);
    const untold = await tell(deps, news);
    logEvent(context, 'ticket-news', { ...news, untold: untold.length });
    for (const { problem: why } of untold) {
      if (why.code === 'CommentRefused') await putAside(deps, context, NEWS_QUEUE, entry, why);
    }
    const away = untold.find(({ problem: why }) => why.code === 'CommentNotDelivered');
    if (away) {
      await deps.intake.noteFailure(hashOf(entry), away.problem);
      throw new Error(away.problem.message);
    }
  };
}

/** Keeps why the tickets could not be told in the end. */
export function takeNewsPoison(deps: TriggerDependencies): QueueHandler {
  return async (entry, _engine, context) => {
    const noted = await deps.intake.readFailure(hashOf(entry));
    const reason = noted ?? problem('Internal', 'The host gave up on the message without a recorded reason.');
    await putAside(deps, context, NEWS_POISON_QUEUE, entry, reason);
  };
}

function tell(deps: TriggerDependencies, news: News): ReturnType<typeof tellTickets> {
  const { records, intake, connectors, settings, outside } = deps;
  const baseAddress = baseAddressOf(settings);
  return tellTickets(news, { records, intake, connectors, baseAddress, comments: { settings, ...outside } });
}
