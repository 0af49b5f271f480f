import * as z from 'zod';
import { EventType, historyEventSchema, type HistoryEvent } from '../durable/history.ts';
import type { Instance } from '../store/instances.ts';

/** The extension shows whole seconds. */
const seconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

const parsed = (json: string | null): unknown => (json === null ? null : JSON.parse(json));

/** `StatusResponsePayload` of the extension. */
export function statusOf(instance: Instance, showInput: boolean): Record<string, unknown> {
  return {
    name: instance.name,
    instanceId: instance.id,
    runtimeStatus: instance.status,
    input: showInput ? parsed(instance.input) : null,
    customStatus: parsed(instance.customStatus),
    output: parsed(instance.output),
    createdTime: seconds(instance.createdAt),
    lastUpdatedTime: seconds(instance.updatedAt),
  };
}

const NAMES: Record<number, string> = {
  [EventType.executionStarted]: 'ExecutionStarted',
  [EventType.executionCompleted]: 'ExecutionCompleted',
  [EventType.executionTerminated]: 'ExecutionTerminated',
  [EventType.taskCompleted]: 'TaskCompleted',
  [EventType.taskFailed]: 'TaskFailed',
  [EventType.subOrchestrationCompleted]: 'SubOrchestrationInstanceCompleted',
  [EventType.subOrchestrationFailed]: 'SubOrchestrationInstanceFailed',
  [EventType.timerCreated]: 'TimerCreated',
  [EventType.timerFired]: 'TimerFired',
  [EventType.eventRaised]: 'EventRaised',
  [EventType.executionSuspended]: 'ExecutionSuspended',
  [EventType.executionResumed]: 'ExecutionResumed',
};

/** Which fields of the stored event are shown, beside those every event has. */
const SHOWN: Record<number, string[]> = {
  [EventType.executionStarted]: [
    ...['Input', 'Correlation', 'ParentTraceContext', 'ScheduledStartTime', 'Generation', 'GenerateNewTrace'],
  ],
  [EventType.taskFailed]: ['Reason', 'Details', 'FailureDetails'],
  [EventType.subOrchestrationFailed]: ['Reason', 'Details', 'FailureDetails'],
  [EventType.timerCreated]: ['FireAt'],
  [EventType.timerFired]: ['FireAt'],
  [EventType.eventRaised]: ['Name', 'Input', 'ParentTraceContext'],
  [EventType.executionSuspended]: ['Reason'],
  [EventType.executionResumed]: ['Reason'],
  [EventType.executionTerminated]: ['Input'],
  [EventType.executionCompleted]: ['OrchestrationStatus', 'FailureDetails'],
};

const resultSchema = z.string().nullish();

/**
 * The history as a status query shows it: without the engine's own bookkeeping, and each result with the call it
 * belongs to.
 * @param showOutput whether results are part of it
 */
export function historyView(stored: string[], showOutput: boolean): Record<string, unknown>[] {
  const events = stored.map((json) => historyEventSchema.parse(JSON.parse(json)));
  const calls = new Map<number, HistoryEvent>();
  for (const event of events)
    if (event.EventType === EventType.taskScheduled || event.EventType === EventType.subOrchestrationCreated)
      calls.set(event.EventId, event);

  return events.flatMap((event) => {
    const name = NAMES[event.EventType];
    if (name === undefined) return [];
    const call = event.TaskScheduledId === undefined ? undefined : calls.get(event.TaskScheduledId);
    const result = resultSchema.parse(event.Result);
    return [
      {
        EventType: name,
        ...Object.fromEntries((SHOWN[event.EventType] ?? []).map((field) => [field, event[field] ?? null])),
        ...(showOutput && 'Result' in event && { Result: parsed(result ?? null) }),
        Timestamp: event.Timestamp,
        ...(event.EventType === EventType.executionStarted && { FunctionName: event.Name }),
        ...(call && {
          ScheduledTime: call.Timestamp.replace('Z', '+00:00'),
          FunctionName: call.Name,
          Input: null,
        }),
      },
    ];
  });
}
