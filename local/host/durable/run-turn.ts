import { isFinished } from '../store/instances.ts';
import type { Message } from '../store/messages.ts';
import type { EngineOptions } from './engine.ts';
import type { Execution, ExecutionCache } from './execution-cache.ts';
import { EventType } from './history.ts';
import { noAnswer, orchestrate } from './orchestrate.ts';
import type { Answer } from './protocol.ts';
import { sessionOf, type Session } from './session.ts';
import { fateOfVersion } from './versions.ts';
import { decideTurn, openingEvents, type TurnResult } from './turn.ts';
import type { Instance } from '../store/instances.ts';

/** A turn that was worked out and is not stored yet. */
export interface FinishedTurn {
  before: Instance;
  execution: Execution;
  result: TurnResult;
  /** The last message it read. */
  readUpTo: number;
  /** Of the orchestrator, where it is kept. */
  session?: Session;
}

type TurnOptions = Pick<
  EngineOptions,
  'store' | 'clock' | 'invoke' | 'orchestrators' | 'extendedSessions' | 'versions'
>;

/** Runs one turn of an instance; undefined when there is nothing to do, or it is another process's business. */
export async function runTurn(
  options: TurnOptions & { cache: ExecutionCache },
  id: string,
): Promise<FinishedTurn | undefined> {
  const { store, clock, cache } = options;
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
  const fate = fateOfVersion(instance.version, options.versions);
  // Its mail is kept for a host that can replay it.
  if (fate === 'reject') return undefined;

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
  const opening = openingEvents(arrived, now, continued);
  const resumed = execution.session?.resume(opening);
  const turn =
    fate === 'fail'
      ? { answer: noAnswer(notTaken(instance, options.versions)), session: undefined }
      : resumed
        ? { answer: resumed, session: execution.session }
        : await replay(options, instance, [
            execution.history ?? instances.historyOf(id).join(','),
            ...opening.map((event) => JSON.stringify(event)),
          ]);
  const { answer, session } = turn;
  const replayed = resumed === undefined;
  const result = decideTurn({ instance, engine: execution.engine, arrived, answer, replayed, now });
  return { before: instance, execution, result, readUpTo, ...(session && { session }) };
}

/** The orchestrator is called with everything since it began. */
async function replay(
  { invoke, orchestrators, extendedSessions }: TurnOptions,
  instance: Instance,
  history: string[],
): Promise<{ answer: Answer; session?: Session | undefined }> {
  const orchestrator = orchestrators.get(instance.name);
  if (!orchestrator) return { answer: notRegistered(instance.name, [...orchestrators.keys()]) };
  let session: Session | undefined;
  const answer = await orchestrate(invoke, orchestrator, {
    instanceId: instance.id,
    parentInstanceId: instance.parent?.OrchestrationInstance.InstanceId ?? null,
    input: instance.input,
    history: history.filter((events) => events !== '').join(','),
    isReplaying: instance.turn > 0,
    ...(extendedSessions && {
      answered: (context: unknown) => {
        session = sessionOf(context);
      },
    }),
  });
  return { answer, session };
}

function notTaken({ name, version }: Instance, { defaultVersion }: EngineOptions['versions']): string {
  return `The version '${version ?? ''}' of '${name}' is not one that this host runs, whose own is '${defaultVersion ?? ''}'.`;
}

function notRegistered(name: string, known: string[]): Answer {
  return noAnswer(
    `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function. ` +
      `Additional info: The following are the known orchestrator functions: ` +
      `${known.map((one) => `'${one}'`).join(', ')}.`,
  );
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
