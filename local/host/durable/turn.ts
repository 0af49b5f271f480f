import { randomUUID } from 'node:crypto';
import type { Instance } from '../store/instances.ts';
import { messageOf } from '../errors.ts';
import { advance, type Order } from './advance.ts';
import { newEngineState, type EngineState } from './engine-state.ts';
import type { Answer } from './protocol.ts';
import { ActionType } from './protocol.ts';
import * as history from './history.ts';
import type { HistoryEvent } from './history.ts';

/** What a turn makes of an instance; nothing is stored yet. */
export interface TurnResult {
  instance: Instance;
  engine: EngineState;
  /** To be added to the history. */
  events: HistoryEvent[];
  orders: Order[];
  cancelledTimers: number[];
  /** Begins another execution of the instance: this one's history is not kept. */
  restart?: HistoryEvent;
}

export interface Turn {
  instance: Instance;
  /** Changed in place. */
  engine: EngineState;
  /** Delivered in this turn, in their order. */
  arrived: HistoryEvent[];
  answer: Answer;
  /** Whether the orchestrator was called anew, rather than gone on with. */
  replayed: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Works out what becomes of an instance after its orchestrator has answered. */
export function decideTurn(turn: Turn): TurnResult {
  const { instance, engine, arrived, answer, replayed, now } = turn;
  const opening = openingEvents(arrived, now, engine.continued);
  engine.continued = false;
  const after = settle(instance, arrived, answer, now);
  const ending = (status: 'Completed' | 'Failed' | 'Terminated', output: string | null): TurnResult => ({
    instance: { ...after, status, output, owner: null },
    engine,
    events: [...opening, history.executionCompleted(now, status, output), history.orchestratorCompleted(now)],
    orders: [],
    cancelledTimers: [],
  });

  const terminated = arrived.find((event) => event.EventType === history.EventType.executionTerminated);
  if (terminated) return ending('Terminated', JSON.stringify(terminated.Input ?? null));
  const failure = JSON.stringify(`Orchestrator function '${instance.name}' failed: ${answer.error ?? ''}`);
  if (!answer.actions) return ending('Failed', failure);
  let step;
  try {
    step = advance(engine, arrived, answer.actions, now, replayed);
  } catch (error) {
    return ending('Failed', JSON.stringify(messageOf(error)));
  }
  if (!engine.suspended) {
    if (answer.error !== undefined) return ending('Failed', failure);
    const next = answer.actions.find((action) => action.actionType === ActionType.continueAsNew);
    if (answer.isDone && next?.actionType === ActionType.continueAsNew)
      return beginAnew(after, next.input, now);
    if (answer.isDone) return ending('Completed', JSON.stringify(answer.output ?? null));
  }
  const orders = step.orders.map((order) => withInstanceId(order));
  return {
    instance: after,
    engine,
    events: [
      ...opening,
      ...orders.map((order) => scheduledEvent(order, now)),
      history.orchestratorCompleted(now),
    ],
    orders,
    cancelledTimers: step.cancelled,
  };
}

/** Status fields that any turn may change. */
function settle(instance: Instance, arrived: HistoryEvent[], answer: Answer, now: number): Instance {
  const control = arrived.findLast(
    ({ EventType }) =>
      EventType === history.EventType.executionSuspended || EventType === history.EventType.executionResumed,
  );
  const customStatus =
    answer.customStatus === undefined || answer.customStatus === null
      ? instance.customStatus
      : JSON.stringify(answer.customStatus);
  const settled: Instance = { ...instance, customStatus, updatedAt: now, turn: instance.turn + 1 };
  if (control?.EventType === history.EventType.executionSuspended)
    return { ...settled, status: 'Suspended', output: JSON.stringify(control.Reason ?? null) };
  // On resumption the output goes on showing why it was suspended.
  if (control) return { ...settled, status: 'Running' };
  return settled.status === 'Pending' ? { ...settled, status: 'Running' } : settled;
}

/** The next execution begins with its own start event alone, which is also what wakes it. */
function beginAnew(instance: Instance, input: unknown, now: number): TurnResult {
  const executionId = randomUUID().replaceAll('-', '');
  const { id: instanceId, name, version, parent } = instance;
  const next = { ...instance, executionId, input: JSON.stringify(input ?? null), createdAt: now, turn: 0 };
  const restart = history.executionStarted(now, {
    ...{ instanceId, executionId, name, version, parent },
    ...{ input: next.input, generation: null },
  });
  return {
    instance: next,
    engine: newEngineState(true),
    events: [],
    orders: [],
    cancelledTimers: [],
    restart,
  };
}

/**
 * What the history of a turn ends with when its orchestrator is called. The first turn after a `continueAsNew` belongs
 * to the episode before on the real host, so that its episode is closed already.
 */
export function openingEvents(arrived: HistoryEvent[], now: number, continued: boolean): HistoryEvent[] {
  const started = [history.orchestratorStarted(now), ...arrived];
  return continued ? [...started, history.orchestratorCompleted(now)] : started;
}

function withInstanceId(order: Order): Order {
  if (order.kind !== 'sub' || order.instanceId !== undefined) return order;
  return { ...order, instanceId: randomUUID().replaceAll('-', '') };
}

function scheduledEvent(order: Order, now: number): HistoryEvent {
  switch (order.kind) {
    case 'activity':
      return history.taskScheduled(now, order.id, order.name);
    case 'sub':
      return history.subOrchestrationCreated(now, order.id, order.name, order.instanceId ?? '');
    case 'timer':
      return history.timerCreated(now, order.id, order.fireAt);
  }
}
