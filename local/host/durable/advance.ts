import type { EngineState, OpenTask, Place, ScheduledTask } from './engine-state.ts';
import { EventType, type HistoryEvent } from './history.ts';
import {
  ActionType,
  leavesOf,
  type Action,
  type AwaitedAction,
  type LeafAction,
  type RetryOptions,
} from './protocol.ts';

/** Something the engine must set going, with the number the orchestrator knows it by. */
export type Order =
  | { kind: 'activity'; id: number; name: string; input: unknown }
  | {
      kind: 'sub';
      id: number;
      name: string;
      instanceId: string | undefined;
      /** `null`: that of new instances. */
      version: string | null;
      input: unknown;
    }
  | { kind: 'timer'; id: number; fireAt: string };

export interface Advance {
  orders: Order[];
  /** Numbers of timers that are not waited for any more. */
  cancelled: number[];
}

/** Timers are at most this long; longer ones are made of several (`longRunningTimerIntervalDuration`). */
const DAY = 86_400_000;
const LONGEST_TIMER = 6 * DAY;
const LONG_TIMER_PART = 3 * DAY;

/**
 * Takes an execution one turn further: lets the arrived events take effect in their order, and gives numbers to
 * whatever the orchestrator asks for now. The numbers must be those which `TaskOrchestrationExecutor` of
 * `durable-functions` gives when it replays: a retry is numbered as soon as the failure is read, the next action
 * as soon as the one before it is done.
 * @param state changed in place
 * @param arrived the events of this turn
 * @param actions all actions since the execution began
 * @param now time of this turn, milliseconds since the epoch
 * @param replayed whether the orchestrator was called anew and may have asked for other things than before
 * @throws Error when the actions are not those of the turns before (non-deterministic orchestrator)
 */
export function advance(
  state: EngineState,
  arrived: HistoryEvent[],
  actions: Action[],
  now: number,
  replayed = true,
): Advance {
  const awaited = actions.filter((action) => action.actionType !== ActionType.continueAsNew);
  const leavesAt = (index: number): LeafAction[] => {
    const action = awaited[index];
    return action ? leavesOf(action) : [];
  };
  if (replayed) assertSameAsBefore(state, leavesAt);
  const orders: Order[] = [];

  const scheduleTimer = (task: OpenTask, at: number): void => {
    const id = state.nextId++;
    const part = at - now > LONGEST_TIMER ? now + LONG_TIMER_PART : at;
    state.open[id] = task;
    orders.push({ kind: 'timer', id, fireAt: new Date(part).toISOString() });
  };

  const scheduleLeaf = (leaf: LeafAction, place: Place, failures = 0): ScheduledTask => {
    const task: OpenTask = { place, failures, pausing: false, long: false };
    const id = leaf.actionType === ActionType.waitForExternalEvent ? -1 : state.nextId;
    if (leaf.actionType === ActionType.waitForExternalEvent) {
      (state.waits[leaf.externalEventName] ??= []).push(place);
    } else if (leaf.actionType === ActionType.createTimer) {
      const fireAt = Date.parse(leaf.fireAt);
      scheduleTimer({ ...task, long: fireAt - now > LONGEST_TIMER }, fireAt);
    } else {
      state.nextId++;
      state.open[id] = task;
      const { functionName: name, input } = leaf;
      if (isSubOrchestration(leaf))
        orders.push({
          kind: 'sub',
          id,
          name,
          input,
          instanceId: leaf.instanceId,
          version: leaf.version ?? null,
        });
      else orders.push({ kind: 'activity', id, name, input });
    }
    return { id, ...describe(leaf) };
  };

  const finish = ([action, leaf]: Place, result: 'done' | 'failed'): void => {
    if (action === state.scheduled.length - 1) state.last[leaf] = result;
  };

  /** Events that came early are given out as soon as somebody waits for them. */
  const takeBuffered = (name: string): void => {
    const count = state.buffered[name] ?? 0;
    const place = count > 0 ? state.waits[name]?.pop() : undefined;
    if (!place) return;
    state.buffered[name] = count - 1;
    finish(place, 'done');
  };

  const scheduleNext = (): void => {
    const index = state.scheduled.length;
    const next = leavesAt(index);
    state.scheduled.push([]);
    state.last = next.map(() => 'open');
    for (const [position, leaf] of next.entries()) {
      state.scheduled[index]?.push(scheduleLeaf(leaf, [index, position]));
      if (leaf.actionType === ActionType.waitForExternalEvent) takeBuffered(leaf.externalEventName);
    }
  };

  const fail = (task: OpenTask, leaf: LeafAction): void => {
    if (!('retryOptions' in leaf)) {
      finish(task.place, 'failed');
      return;
    }
    // After the last attempt there is a pause as well: the client library counts on its timer.
    const failures = task.failures + 1;
    scheduleTimer({ ...task, failures, pausing: true }, now + pauseBefore(leaf.retryOptions, failures));
  };

  const fire = (task: OpenTask, leaf: LeafAction): void => {
    if (task.pausing && 'retryOptions' in leaf) {
      if (task.failures >= leaf.retryOptions.maxNumberOfAttempts) finish(task.place, 'failed');
      else scheduleLeaf(leaf, task.place, task.failures);
      return;
    }
    if (task.long && leaf.actionType === ActionType.createTimer && Date.parse(leaf.fireAt) > now)
      scheduleTimer(task, Date.parse(leaf.fireAt));
    else finish(task.place, 'done');
  };

  const take = (event: HistoryEvent): void => {
    if (event.EventType === EventType.eventRaised && typeof event.Name === 'string') {
      state.buffered[event.Name] = (state.buffered[event.Name] ?? 0) + 1;
      takeBuffered(event.Name);
      return;
    }
    const id = event.TaskScheduledId ?? event.TimerId;
    const task = id === undefined ? undefined : state.open[id];
    if (id === undefined || !task) return;
    const leaf = leavesAt(task.place[0])[task.place[1]];
    close(state, [id]);
    if (!leaf) return;
    if (event.EventType === EventType.timerFired) fire(task, leaf);
    else if (event.EventType === EventType.taskFailed || event.EventType === EventType.subOrchestrationFailed)
      fail(task, leaf);
    else finish(task.place, 'done');
  };

  const ready = (): boolean => {
    const current = awaited[state.scheduled.length - 1];
    return state.scheduled.length < awaited.length && (!current || resultOf(current, state.last) !== 'open');
  };

  for (const event of withoutSuspended(state, arrived)) {
    take(event);
    while (ready()) scheduleNext();
  }
  // Yielding again what was asked for earlier leaves no action behind, so the last one may look unfinished.
  if (!state.suspended) while (state.scheduled.length < awaited.length) scheduleNext();

  return { orders, cancelled: takeCancelled(state, leavesAt) };
}

/** Sorts out what may take effect now: everything, but nothing that comes between suspension and resumption. */
function withoutSuspended(state: EngineState, arrived: HistoryEvent[]): HistoryEvent[] {
  const effective: HistoryEvent[] = [];
  for (const event of arrived) {
    if (event.EventType === EventType.executionSuspended) state.suspended = true;
    else if (event.EventType === EventType.executionResumed) {
      state.suspended = false;
      effective.push(...state.held);
      state.held = [];
    } else if (state.suspended) state.held.push(event);
    else effective.push(event);
  }
  return effective;
}

/** Whether the orchestrator goes on, by the rules of the client library: a cancelled timer never ends a wait. */
function resultOf(action: AwaitedAction, results: EngineState['last']): EngineState['last'][number] {
  if (!('compoundActions' in action)) return results[0] ?? 'open';
  let from = 0;
  const children = action.compoundActions.map((child) => {
    const count = leavesOf(child).length;
    const own = results.slice(from, from + count);
    from += count;
    return resultOf(child, own);
  });
  if (action.actionType === ActionType.whenAny)
    return children.some((child) => child !== 'open') ? 'done' : 'open';
  if (children.includes('failed')) return 'failed';
  return children.every((child) => child === 'done') ? 'done' : 'open';
}

/** DurableTask.Core `RetryInterceptor.ComputeNextDelay`; `failures` counts from 1. */
function pauseBefore(options: RetryOptions, failures: number): number {
  const pause = options.firstRetryIntervalInMilliseconds * options.backoffCoefficient ** (failures - 1);
  return Math.min(pause, options.maxRetryIntervalInMilliseconds);
}

/** Whose result has come is not waited for any more. */
function close(state: EngineState, ids: number[]): void {
  const closed = new Set(ids.map(String));
  state.open = Object.fromEntries(Object.entries(state.open).filter(([id]) => !closed.has(id)));
}

function takeCancelled(state: EngineState, leavesAt: (index: number) => LeafAction[]): number[] {
  const cancelled = Object.entries(state.open).filter(([, { place }]) => {
    const leaf = leavesAt(place[0])[place[1]];
    return leaf?.actionType === ActionType.createTimer && leaf.isCanceled;
  });
  const ids = cancelled.map(([id]) => Number(id));
  close(state, ids);
  return ids;
}

type SubOrchestrationAction = Extract<
  LeafAction,
  { actionType: typeof ActionType.callSubOrchestrator | typeof ActionType.callSubOrchestratorWithRetry }
>;

function isSubOrchestration(leaf: LeafAction): leaf is SubOrchestrationAction {
  return (
    leaf.actionType === ActionType.callSubOrchestrator ||
    leaf.actionType === ActionType.callSubOrchestratorWithRetry
  );
}

function describe(leaf: LeafAction): Pick<ScheduledTask, 'kind' | 'name'> {
  switch (leaf.actionType) {
    case ActionType.callActivity:
    case ActionType.callActivityWithRetry:
      return { kind: 'activity', name: leaf.functionName };
    case ActionType.callSubOrchestrator:
    case ActionType.callSubOrchestratorWithRetry:
      return { kind: 'sub', name: leaf.functionName };
    case ActionType.createTimer:
      return { kind: 'timer', name: '' };
    case ActionType.waitForExternalEvent:
      return { kind: 'event', name: leaf.externalEventName };
  }
}

const KIND_WORDS: Record<ScheduledTask['kind'], string> = {
  activity: 'an activity task',
  sub: 'a sub-orchestration',
  timer: 'a timer',
  event: 'a wait for an external event',
};

const spoken = (task: Pick<ScheduledTask, 'kind' | 'name'>): string =>
  `${KIND_WORDS[task.kind]}${task.name === '' ? '' : ` named '${task.name}'`}`;

/** DurableTask.Core fails such an instance with `NonDeterministicOrchestrationException`, in these words. */
function assertSameAsBefore(state: EngineState, leavesAt: (index: number) => LeafAction[]): void {
  for (const [index, tasks] of state.scheduled.entries()) {
    const leaves = leavesAt(index);
    for (const [position, task] of tasks.entries()) {
      const leaf = leaves[position];
      const now = leaf && describe(leaf);
      if (now?.kind === task.kind && now.name === task.name) continue;
      const number = task.id < 0 ? '' : ` with sequence number ${String(task.id)}`;
      const before = `${KIND_WORDS[task.kind]}${number}${task.name === '' ? '' : ` named '${task.name}'`}`;
      const instead = now
        ? `instead scheduled ${spoken(now)} with this sequence number.`
        : `doesn't schedule it.`;
      throw new Error(
        `Non-Deterministic workflow detected: A previous execution of this orchestration scheduled ${before}, ` +
          `but the current orchestration replay ${instead}  ` +
          `Was a change made to the orchestrator code after this instance had already started running?`,
      );
    }
  }
}
