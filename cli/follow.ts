import { setTimeout as sleep } from 'node:timers/promises';
import { endedSteps, stepLines } from '../local/terminal/step-lines.ts';
import type { RemediationRecord } from '../shared/model/record.ts';
import { api } from './api.ts';
import { CommandError } from './command-error.ts';
import { endingOf, type Ending } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { answerQuestion } from './question.ts';
import { WAY_WORDS, type Service } from './service/service.ts';
import type { Progress } from './terminal/progress.ts';
import { mayBeDown, nowOf, planLines } from './terminal/record-lines.ts';

export interface FollowOptions {
  /** Every question is answered with yes. */
  yes: boolean;
  /** Nobody is asked, and what waits for a person is waited for. */
  onlyLook?: boolean;
}

export interface Followed {
  record: RemediationRecord | undefined;
  ending: Ending;
}

/** How often a service that does not answer is asked again before it is given up. */
const MOST_SILENCES = 12;

/**
 * Follows a remediation to its end, tells each step as it ends, and puts its questions to whoever sits there.
 * @throws CommandError `interrupted` after Ctrl-C, with how to go on
 */
export async function follow(
  service: Service,
  id: string,
  progress: Progress,
  options: FollowOptions,
): Promise<Followed> {
  const signal = interruption();
  const answered = new Set<string>();
  let last: RemediationRecord | undefined;
  const told = new Set<number>();
  let silences = 0;
  if (service.page && progress.stream.isTTY)
    progress.say(
      `Live page: ${service.page.url} (function key and approver secret: ${service.page.secrets})`,
    );
  try {
    for (;;) {
      signal.throwIfAborted();
      const record = await ask();
      if (record) {
        if (record.plan && !last?.plan) progress.say(...planLines(record, progress.stream), '');
        for (const step of endedSteps(record, told)) progress.say(...stepLines(record, step, progress));
        last = record;
        if (record.outcome && record.endedAt !== undefined)
          return { record, ending: endingOf(record.outcome.kind) };
        const { question } = record;
        if (
          record.phase === 'approval' &&
          question &&
          !answered.has(question.plan) &&
          options.onlyLook !== true
        ) {
          const isOpen = await answerQuestion(service, record, question, progress, options);
          if (isOpen) return { record, ending: 'goesOn' };
          answered.add(question.plan);
        }
        progress.now(nowOf(record));
      }
      await sleep(service.pollSeconds * 1000, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) throw interrupted(service, id, last);
    throw error;
  } finally {
    progress.stop();
  }

  /** A service that is silent for a moment goes on all the same. */
  async function ask(): Promise<RemediationRecord | undefined> {
    try {
      const record = await api.record(service, id);
      silences = 0;
      return record;
    } catch (error) {
      if (!(error instanceof CommandError) || error.ending !== 'unreachable' || ++silences > MOST_SILENCES)
        throw error;
      progress.now(`${error.message} Retrying`);
      return undefined;
    }
  }
}

/** What Ctrl-C leaves, and how to go on. */
function interrupted(service: Service, id: string, record: RemediationRecord | undefined): CommandError {
  const words = WAY_WORDS[service.way];
  const name = record?.vm.name ?? id;
  if (service.way !== 'local')
    return new CommandError(
      'interrupted',
      `Stopped following; the remediation of ${name} continues at ${service.name}.`,
      `Follow it with: rdp-medic watch ${id}. Cancel it with: rdp-medic cancel ${id}.`,
    );
  const down = record && mayBeDown(record) ? ' The VM may be down until then.' : '';
  return new CommandError(
    'interrupted',
    `Interrupted: the remediation of ${name} is paused; nothing is lost.${down}`,
    `Resume it with: rdp-medic watch${words} ${id}. Cancel and undo it with: rdp-medic cancel${words} ${id}.`,
  );
}
