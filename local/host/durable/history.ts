import * as z from 'zod';

/** `durable-functions`, lib/src/history/HistoryEventType, as far as this host writes them. */
export const EventType = {
  executionStarted: 0,
  executionCompleted: 1,
  executionTerminated: 3,
  taskScheduled: 4,
  taskCompleted: 5,
  taskFailed: 6,
  subOrchestrationCreated: 7,
  subOrchestrationCompleted: 8,
  subOrchestrationFailed: 9,
  timerCreated: 10,
  timerFired: 11,
  orchestratorStarted: 12,
  orchestratorCompleted: 13,
  eventRaised: 15,
  executionSuspended: 19,
  executionResumed: 20,
} as const;

/** What an orchestrator that waits goes on with. */
export const RESULTS: readonly number[] = [
  EventType.taskCompleted,
  EventType.taskFailed,
  EventType.subOrchestrationCompleted,
  EventType.subOrchestrationFailed,
  EventType.timerFired,
  EventType.eventRaised,
];

export const historyEventSchema = z.looseObject({
  EventType: z.number(),
  EventId: z.number(),
  IsPlayed: z.boolean(),
  Timestamp: z.string(),
  /** Number of the task or sub-orchestration whose result this is. */
  TaskScheduledId: z.number().optional(),
  TimerId: z.number().optional(),
  Name: z.string().nullish(),
  Input: z.string().nullish(),
  Result: z.string().nullish(),
  /** Of a failure, a suspension or a resumption. */
  Reason: z.string().nullish(),
  FireAt: z.string().optional(),
});
export type HistoryEvent = z.infer<typeof historyEventSchema>;

/** Who waits for a sub-orchestration. */
export interface ParentInstance {
  Name: string;
  OrchestrationInstance: { InstanceId: string; ExecutionId: string };
  TaskScheduleId: number;
  Version: null;
}

/** Fields every event has; results and messages have no number of their own. */
function event(type: number, at: number, fields: Record<string, unknown> = {}, id = -1): HistoryEvent {
  return {
    ...fields,
    EventType: type,
    EventId: id,
    IsPlayed: false,
    Timestamp: new Date(at).toISOString(),
  };
}

export function executionStarted(
  at: number,
  start: {
    instanceId: string;
    executionId: string;
    name: string;
    version: string | null;
    /** JSON text. */
    input: string | null;
    parent: ParentInstance | null;
    /** How often the id was used before; null after a `continueAsNew`. */
    generation: number | null;
  },
): HistoryEvent {
  return event(EventType.executionStarted, at, {
    OrchestrationInstance: { InstanceId: start.instanceId, ExecutionId: start.executionId },
    ParentInstance: start.parent,
    Name: start.name,
    Version: start.version,
    Input: start.input,
    Tags: null,
    Correlation: null,
    ParentTraceContext: null,
    ScheduledStartTime: null,
    Generation: start.generation,
    GenerateNewTrace: false,
  });
}

export const orchestratorStarted = (at: number): HistoryEvent => event(EventType.orchestratorStarted, at);
export const orchestratorCompleted = (at: number): HistoryEvent => event(EventType.orchestratorCompleted, at);

export function taskScheduled(at: number, id: number, name: string): HistoryEvent {
  const fields = { Name: name, Version: '', Input: null, ParentTraceContext: null, Tags: null };
  return event(EventType.taskScheduled, at, fields, id);
}

/** @param result JSON text, null for nothing */
export function taskCompleted(at: number, id: number, result: string | null): HistoryEvent {
  return event(EventType.taskCompleted, at, { TaskScheduledId: id, Result: result });
}

export function taskFailed(at: number, id: number, reason: string, details: string): HistoryEvent {
  const fields = { TaskScheduledId: id, Reason: reason, Details: details, FailureDetails: null };
  return event(EventType.taskFailed, at, fields);
}

export function subOrchestrationCreated(
  at: number,
  id: number,
  name: string,
  instanceId: string,
): HistoryEvent {
  const fields = {
    Name: name,
    Version: null,
    InstanceId: instanceId,
    Input: null,
    ClientSpanId: null,
    Tags: null,
  };
  return event(EventType.subOrchestrationCreated, at, fields, id);
}

export function subOrchestrationCompleted(at: number, id: number, result: string | null): HistoryEvent {
  return event(EventType.subOrchestrationCompleted, at, { TaskScheduledId: id, Result: result });
}

export function subOrchestrationFailed(
  at: number,
  id: number,
  reason: string,
  details: string,
): HistoryEvent {
  const fields = { TaskScheduledId: id, Reason: reason, Details: details, FailureDetails: null };
  return event(EventType.subOrchestrationFailed, at, fields);
}

export function timerCreated(at: number, id: number, fireAt: string): HistoryEvent {
  return event(EventType.timerCreated, at, { FireAt: fireAt }, id);
}

export function timerFired(at: number, id: number, fireAt: string): HistoryEvent {
  return event(EventType.timerFired, at, { TimerId: id, FireAt: fireAt });
}

/** @param input JSON text */
export function eventRaised(at: number, name: string, input: string): HistoryEvent {
  return event(EventType.eventRaised, at, { Name: name, Input: input, ParentTraceContext: null });
}

export function executionTerminated(at: number, reason: string | null): HistoryEvent {
  return event(EventType.executionTerminated, at, { Input: reason });
}

export function executionSuspended(at: number, reason: string | null): HistoryEvent {
  return event(EventType.executionSuspended, at, { Reason: reason });
}

export function executionResumed(at: number, reason: string | null): HistoryEvent {
  return event(EventType.executionResumed, at, { Reason: reason });
}

/** @param result JSON text of the output, or the text of a failure */
export function executionCompleted(at: number, status: string, result: string | null): HistoryEvent {
  return event(EventType.executionCompleted, at, {
    OrchestrationStatus: status,
    Result: result,
    FailureDetails: null,
  });
}
