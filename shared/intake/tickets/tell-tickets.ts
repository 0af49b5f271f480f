import { problem, type Problem } from '../../errors.ts';
import { countComment } from '../../metrics.ts';
import type { RemediationRecord } from '../../model/record.ts';
import type { RequestSource } from '../../model/request.ts';
import { inOwnWords } from '../../report/own-words.ts';
import type { IntakeStore, RecordStore } from '../ports.ts';
import type { Connector } from './connector.ts';
import { eventIdOf, type News } from '../../model/news.ts';
import { newsOf } from './news.ts';
import { sendComment, type CommentDependencies, type CommentFacts } from './send-comment.ts';

export interface TellDependencies {
  readonly records: Pick<RecordStore, 'read'>;
  readonly intake: Pick<IntakeStore, 'followers' | 'claim' | 'isClaimed'>;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly comments: CommentDependencies;
  /** Where the service is reached, without a slash at the end. */
  readonly baseAddress: string;
}

/** A ticket that could not be told. */
export interface Untold {
  readonly ticket: RequestSource;
  readonly problem: Problem;
}

/**
 * Tells every ticket of a remediation, the one that started it and those that joined, what happened. Safe
 * to run again: whoever was told is not told twice. Gives back the tickets that were not told.
 */
export async function tellTickets(news: News, deps: TellDependencies): Promise<Untold[]> {
  const record = await deps.records.read(news.remediationId);
  if (!record) return [];
  const joined = await deps.intake.followers(news.remediationId);
  const tickets = [record.request.source, ...joined].filter(({ kind }) => kind === 'ticket');
  const facts: CommentFacts = {
    vm: record.vm.name,
    id: record.id,
    // A page to look at; whatever follows the link, nothing is approved by it.
    address: `${deps.baseAddress}/api/remediations/${record.id}/report`,
    summary: inOwnWords(record),
  };
  const untold: Untold[] = [];
  for (const ticket of tickets) {
    for (const event of await eventsFor(ticket, news, record, deps)) {
      const failure = await tellOne(ticket, event, facts, deps);
      if (failure) untold.push({ ticket, problem: failure });
    }
  }
  return untold;
}

/**
 * News may be late: told after the end, "started" is followed by the end at once, lest a ticket that joined at the
 * last moment waits for it for ever; and an approval is no longer asked for.
 */
async function eventsFor(
  ticket: RequestSource,
  news: News,
  record: RemediationRecord,
  { intake }: TellDependencies,
): Promise<News[]> {
  const latest = newsOf(record);
  if (record.endedAt === undefined || news.event === latest.event) return [news];
  const tooLate = news.event !== 'started' || (await intake.isClaimed('told', keyOf(ticket, latest)));
  return tooLate ? [latest] : [news, latest];
}

/** Names one comment: a ticket gets each once. */
function keyOf({ name = '', replyTo = '' }: RequestSource, news: News): string {
  return `${eventIdOf(news)}:${name}:${replyTo}`;
}

async function tellOne(
  ticket: RequestSource,
  news: News,
  facts: CommentFacts,
  deps: TellDependencies,
): Promise<Problem | undefined> {
  // A ticket without an address, or of a connector that only takes requests, does not want to be told.
  if (ticket.replyTo === undefined) return undefined;
  const connector = deps.connectors.get(ticket.name ?? '');
  if (!connector) return problem('CommentRefused', 'The connector of the ticket no longer exists.');
  const { event } = news;
  const key = keyOf(ticket, news);
  if (await deps.intake.isClaimed('told', key)) return undefined;
  const sent = await sendComment(connector, ticket.replyTo, event, facts, deps.comments);
  countComment(connector.name, event, sent.ok ? undefined : sent.problem.code);
  if (!sent.ok) return sent.problem;
  await deps.intake.claim('told', key);
  return undefined;
}
