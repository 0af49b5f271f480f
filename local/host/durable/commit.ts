import { randomUUID } from 'node:crypto';
import { isFinished, type Instance } from '../store/instances.ts';
import type { QueuedActivity, StoredTimer } from '../store/messages.ts';
import type { Store } from '../store/store.ts';
import type { Order } from './advance.ts';
import { newEngineState } from './engine-state.ts';
import { played, type ExecutionCache } from './execution-cache.ts';
import {
  executionStarted,
  subOrchestrationCompleted,
  subOrchestrationFailed,
  type HistoryEvent,
} from './history.ts';
import type { FinishedTurn } from './run-turn.ts';
import type { VersionSettings } from './versions.ts';

/** What the engine has to set going once a turn is stored. */
export interface Committed {
  activities: QueuedActivity[];
  timers: StoredTimer[];
  cancelled: Pick<StoredTimer, 'instanceId' | 'executionId' | 'timerId'>[];
  /** Instances that have mail now. */
  woken: string[];
  finished: boolean;
}

/**
 * Stores a turn with everything that follows from it, in one transaction: a process that dies leaves all of it or
 * nothing. Undefined when the instance has gone to somebody else meanwhile; the turn is then forgotten.
 */
export async function commitTurn(
  store: Store,
  cache: ExecutionCache,
  turn: FinishedTurn,
  { defaultVersion }: Pick<VersionSettings, 'defaultVersion'>,
): Promise<Committed | undefined> {
  const { before, execution, result, readUpTo } = turn;
  const { id, executionId } = before;
  const after = result.instance;
  const { instances, messages } = store;
  const committed: Committed = {
    activities: [],
    timers: [],
    cancelled: result.cancelledTimers.map((timerId) => ({ instanceId: id, executionId, timerId })),
    woken: [],
    finished: isFinished(after.status),
  };
  const events = played(result.events);

  const saved = await store.database.enqueue(() => {
    if (!instances.saveTurn(before, after, result.engine)) return false;
    messages.removeMessages(id, readUpTo);
    if (result.restart) {
      instances.clearHistory(id);
      messages.send(id, after.executionId, result.restart);
    } else instances.appendHistory(id, execution.length, events);
    if (result.restart || committed.finished) messages.removeTimersOf(id);
    committed.cancelled.forEach((timer) => messages.removeTimer(timer));
    for (const order of result.orders) place(store, after, withVersion(order, defaultVersion), committed);
    if (committed.finished) tellParent(store, after, committed);
    if (result.restart || messages.inboxOf(id).length > 0) committed.woken.push(id);
    return true;
  });
  if (!saved) {
    cache.drop(id);
    return undefined;
  }
  if (committed.finished || result.restart) cache.drop(id);
  else {
    cache.set(id, {
      executionId: after.executionId,
      turn: after.turn,
      history: turn.session ? undefined : longer(execution.history, events),
      length: execution.length + events.length,
      engine: result.engine,
      ...(turn.session && { session: turn.session }),
    });
  }
  return committed;
}

function longer(history: string | undefined, events: HistoryEvent[]): string | undefined {
  const text = events.map((event) => JSON.stringify(event));
  return history === undefined ? undefined : [...(history === '' ? [] : [history]), ...text].join(',');
}

function withVersion(order: Order, defaultVersion: string | null): Order {
  return order.kind === 'sub' ? { ...order, version: order.version ?? defaultVersion } : order;
}

function place(store: Store, instance: Instance, order: Order, committed: Committed): void {
  const { id: instanceId, executionId } = instance;
  const owner = store.owners.me;
  switch (order.kind) {
    case 'activity': {
      const input = order.input === undefined ? null : JSON.stringify(order.input);
      const activity = { instanceId, executionId, taskId: order.id, name: order.name, input };
      committed.activities.push(store.messages.addActivity(activity, owner));
      return;
    }
    case 'timer': {
      const timer = { instanceId, executionId, timerId: order.id };
      const due = { ...timer, fireAt: Date.parse(order.fireAt), fireAtText: order.fireAt };
      store.messages.addTimer(due);
      committed.timers.push(due);
      return;
    }
    case 'sub':
      startChild(store, instance, { ...order, instanceId: order.instanceId ?? '' }, committed);
  }
}

function startChild(
  store: Store,
  parent: Instance,
  order: Extract<Order, { kind: 'sub' }> & { instanceId: string },
  committed: Committed,
): void {
  const { instances, messages, owners } = store;
  const { updatedAt: now } = parent;
  const existing = instances.find(order.instanceId);
  if (existing && !isFinished(existing.status)) {
    const reason = `An Orchestration instance with the status ${existing.status} already exists.`;
    messages.send(parent.id, parent.executionId, subOrchestrationFailed(now, order.id, reason, reason));
    return;
  }
  const child = newInstance({
    id: order.instanceId,
    executionId: randomUUID().replaceAll('-', ''),
    name: order.name,
    version: order.version,
    input: order.input === undefined ? null : JSON.stringify(order.input),
    generation: null,
    parent: {
      Name: parent.name,
      OrchestrationInstance: { InstanceId: parent.id, ExecutionId: parent.executionId },
      TaskScheduleId: order.id,
      Version: null,
    },
    now,
    owner: owners.me,
  });
  putNew(store, child);
  committed.woken.push(child.id);
}

/** An instance before its first turn. */
export function newInstance(
  start: Pick<Instance, 'id' | 'executionId' | 'name' | 'version' | 'input' | 'generation' | 'parent'> & {
    now: number;
    owner: string;
  },
): Instance {
  const { now, ...rest } = start;
  return {
    ...rest,
    status: 'Pending',
    output: null,
    customStatus: null,
    createdAt: now,
    updatedAt: now,
    turn: 0,
  };
}

/** Puts a new instance into the place of a finished one, with the message that starts it. */
export function putNew({ instances, messages }: Store, instance: Instance): void {
  instances.remove(instance.id);
  instances.put(instance, newEngineState());
  const { id: instanceId, executionId, createdAt } = instance;
  messages.send(instanceId, executionId, executionStarted(createdAt, { ...instance, instanceId }));
}

function tellParent(
  { messages }: Store,
  { parent, output, status, updatedAt, name }: Instance,
  committed: Committed,
): void {
  if (!parent) return;
  const { InstanceId: parentId, ExecutionId: executionId } = parent.OrchestrationInstance;
  let event: HistoryEvent;
  if (status === 'Completed') event = subOrchestrationCompleted(updatedAt, parent.TaskScheduleId, output);
  else {
    const reason: unknown = JSON.parse(output ?? 'null');
    const words = typeof reason === 'string' ? reason : `Orchestrator function '${name}' was terminated`;
    const cause = words.replace(`Orchestrator function '${name}' failed: `, '');
    const details = `Message: ${cause}, StackTrace: (none is kept)`;
    event = subOrchestrationFailed(updatedAt, parent.TaskScheduleId, words, details);
  }
  messages.send(parentId, executionId, event);
  committed.woken.push(parentId);
}
