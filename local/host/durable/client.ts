import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../shared/clock.ts';
import { isFinished, type Instance, type InstanceFilter } from '../store/instances.ts';
import type { Store } from '../store/store.ts';
import { newInstance, putNew } from './commit.ts';
import type { Engine } from './engine.ts';
import {
  eventRaised,
  executionResumed,
  executionSuspended,
  executionTerminated,
  type HistoryEvent,
} from './history.ts';

type StartResult = { started: true; id: string } | { started: false; id: string; status: string };

/** What the outside world may do with instances; each call is one transaction, whichever process owns the instance. */
export interface DurableClient {
  /** Starts an instance, unless one with that id is under way. @param input JSON text */
  start: (name: string, id: string | undefined, input: string | null, version: string | null) => StartResult;
  find: (id: string) => Instance | undefined;
  list: (filter: InstanceFilter) => Instance[];
  historyOf: (id: string) => string[];
  /** Sends an instance a message; the instance as it was before, undefined when there is none. */
  tell: (id: string, message: ClientMessage) => Instance | undefined;
  /** Deletes a finished instance; the instance as it was before. */
  purge: (id: string) => Instance | undefined;
}

type ClientMessage =
  | { kind: 'event'; name: string; /** JSON text */ input: string }
  | { kind: 'terminate' | 'suspend' | 'resume'; reason: string | null };

export function createDurableClient({
  store,
  engine,
  clock,
  defaultVersion,
}: {
  store: Store;
  engine: Engine;
  clock: Clock;
  /** Of instances that are started without one. */
  defaultVersion: string | null;
}): DurableClient {
  const { database, instances, messages, owners } = store;
  return {
    start(name, givenId, input, version) {
      const id = givenId ?? randomUUID().replaceAll('-', '');
      // BEGIN IMMEDIATE: of two processes that start the same id, the second one sees the first one's instance.
      const result = database.transaction((): StartResult => {
        const existing = instances.find(id);
        if (existing && !isFinished(existing.status)) return { started: false, id, status: existing.status };
        const generation = existing ? (existing.generation ?? 0) + 1 : 0;
        const now = clock.now();
        const instance = {
          id,
          name,
          version: version ?? defaultVersion,
          input,
          generation,
          parent: null,
          now,
          owner: owners.me,
        };
        putNew(store, newInstance({ ...instance, executionId: randomUUID() }));
        return { started: true, id };
      });
      if (result.started) engine.wake(id);
      return result;
    },
    find: instances.find,
    list: instances.list,
    historyOf: instances.historyOf,
    tell(id, message) {
      const before = database.transaction(() => {
        const instance = instances.find(id);
        if (instance && !isFinished(instance.status)) messages.send(id, null, toEvent(message, clock.now()));
        return instance;
      });
      if (before && before.owner === owners.me) engine.wake(id);
      return before;
    },
    purge: (id) =>
      database.transaction(() => {
        const instance = instances.find(id);
        if (instance && isFinished(instance.status)) instances.remove(id);
        return instance;
      }),
  };
}

function toEvent(message: ClientMessage, now: number): HistoryEvent {
  switch (message.kind) {
    case 'event':
      return eventRaised(now, message.name, message.input);
    case 'terminate':
      return executionTerminated(now, message.reason);
    case 'suspend':
      return executionSuspended(now, message.reason);
    case 'resume':
      return executionResumed(now, message.reason);
  }
}
