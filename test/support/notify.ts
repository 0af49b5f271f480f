import { createHash } from 'node:crypto';
import { eventIdOf, type News } from '../../shared/model/news.ts';

/** The durable instance under which a channel is told of an event. */
export function instanceOfEvent(channel: string, news: News): string {
  return `notify-${channel}-${createHash('sha256').update(eventIdOf(news)).digest('hex').slice(0, 32)}`;
}
