import { isFinished } from '../store/instances.ts';
import type { Message } from '../store/messages.ts';
import type { EngineOptions } from './engine.ts';
import type { Execution, ExecutionCache } from './execution-cache.ts';
import { EventType } from './history.ts';
import { noAnswer, orchestrate } from './orchestrate.ts';
import { decideTurn, openingEvents, type TurnResult } from './turn.ts';
import type { Instance } from '../store/instances.ts';

/** A turn that was worked out and is not stored yet. */
export interface FinishedTurn {
  before: Instance;
  execution: Execution;
  result: TurnResult;
  /** The last message it read. */
  readUpTo: number;
}

/** Runs one turn of an instance; undefined when there is nothing to do, or it is another process's business. */
export async function runTurn(
  options: Pick<EngineOptions, 'store' | 'clock' | 'invoke' | 'orchestrators'> & { cache: ExecutionCache },
  id: string,
): Promise<FinishedTurn | undefined> {
  const { store, clock, invoke, orchestrators, cache } = options;
  const { instances, messages, owners } = store;
  const instance = instances.find(id);
  const inbox = messages.inboxOf(id);
  const last = inbox.at(-1);
  if (!last) return undefined;
  if (!instance || isFinished(instance.status)) {
    messages.removeMessages(id, last.seq);
    return undefined;
  }
  if (instance.owner !== owners.me) return undefined;

  const execution = cache.get(id, instance.executionId, instance.turn);
  const { continued } = execution.engine;
  const read = messagesOfTurn(instance, inbox, continued);
  const readUpTo = read.at(-1)?.seq ?? last.seq;
  if (read.length === 0) {
    messages.removeMessages(id, readUpTo);
    return undefined;
  }
  const arrived = read.map((message) => message.event);
  const now = clock.now();
  const opening = openingEvents(arrived, now, continued).map((event) => JSON.stringify(event));
  const orchestrator = orchestrators.get(instance.name);
  const answer = orchestrator
    ? await orchestrate(invoke, orchestrator, {
        instanceId: id,
        parentInstanceId: instance.parent?.OrchestrationInstance.InstanceId ?? null,
        input: instance.input,
        history: [...(execution.history === '' ? [] : [execution.history]), ...opening].join(','),
        isReplaying: instance.turn > 0,
      })
    : noAnswer(
        `The function '${instance.name}' doesn't exist, is disabled, or is not an orchestrator function. ` +
          `Additional info: The following are the known orchestrator functions: ` +
          `${[...orchestrators.keys()].map((name) => `'${name}'`).join(', ')}.`,
      );
  const result = decideTurn({ instance, engine: execution.engine, arrived, answer, now });
  return { before: instance, execution, result, readUpTo };
}

/** All there is for this execution; but an execution that was continued begins with its start event alone. */
function messagesOfTurn(instance: Instance, inbox: Message[], continued: boolean): Message[] {
  const mine = inbox.filter(
    ({ executionId }) => executionId === null || executionId === instance.executionId,
  );
  if (instance.turn > 0) return mine;
  const start = mine.find(({ event }) => event.EventType === EventType.executionStarted);
  if (!start) return [];
  return continued ? [start] : [start, ...mine.filter((message) => message !== start)];
}
