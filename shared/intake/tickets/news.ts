import { LRUCache } from 'lru-cache';
import type { OutcomeKind, RemediationRecord } from '../../model/record.ts';
import { eventIdOf, type News } from '../../model/news.ts';
import type { IntakeStore, NewsQueue, RecordStore } from '../ports.ts';

const WELL: ReadonlySet<OutcomeKind> = new Set([
  'repaired-online',
  'repaired-offline',
  'healthy',
  'diagnosed',
]);

/** What a record says to somebody who waits for it. */
export function newsOf(record: RemediationRecord): News {
  const { id, phase, outcome, endedAt, downSince, question } = record;
  if (endedAt !== undefined) {
    return { remediationId: id, event: outcome && WELL.has(outcome.kind) ? 'done' : 'failed' };
  }
  if (downSince !== undefined) return { remediationId: id, event: 'down' };
  // Once it was answered, nobody is waited for, although the phase lasts until that is noted.
  if (phase !== 'approval' || !question) return { remediationId: id, event: 'started' };
  return { remediationId: id, event: 'approval', about: question.about };
}

/** Of how many events a process remembers that they were passed on, and need not ask. */
const REMEMBERED = 1000;

/**
 * A record store that passes on what its records say: each event once a remediation, through a queue, so
 * that a slow ticket system holds up no repair and a failed call is tried again. Passed on before it is
 * noted: an interruption between the two tells twice, never not at all (and `tellTickets` notices).
 */
export function withTicketNews(
  records: RecordStore,
  news: NewsQueue,
  intake: Pick<IntakeStore, 'claim' | 'isClaimed'>,
): RecordStore {
  const passedOn = new LRUCache<string, true>({ max: REMEMBERED });
  return {
    ...records,
    async write(record, report) {
      await records.write(record, report);
      const message = newsOf(record);
      const key = eventIdOf(message);
      if (passedOn.has(key)) return;
      try {
        if (!(await intake.isClaimed('news', key))) {
          await news.send(message);
          await intake.claim('news', key);
        }
        passedOn.set(key, true);
      } catch {
        // The record is kept; a repair must not fail for a comment. The next write tries again.
      }
    },
  };
}
