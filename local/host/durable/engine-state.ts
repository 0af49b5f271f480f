import * as z from 'zod';
import { historyEventSchema } from './history.ts';

/** Where a task stands among the actions: the number of the action, and of the task in it. */
const placeSchema = z.tuple([z.number(), z.number()]);
export type Place = z.infer<typeof placeSchema>;

const openTaskSchema = z.object({
  place: placeSchema,
  /** How often it failed, of a task with retries. */
  failures: z.number(),
  /** Set while a timer is waited for before the next attempt. */
  pausing: z.boolean(),
  /** A timer that is too long for one: the client library, too, made it of several. */
  long: z.boolean(),
});
export type OpenTask = z.infer<typeof openTaskSchema>;

const scheduledTaskSchema = z.object({
  id: z.number(),
  kind: z.enum(['activity', 'sub', 'timer', 'event']),
  name: z.string(),
});
export type ScheduledTask = z.infer<typeof scheduledTaskSchema>;

/**
 * What the engine remembers of an execution between two turns beside its history. Everything in it follows from
 * the history and the turns' answers, but the numbers of retried tasks depend on the turn they were given in.
 */
export const engineStateSchema = z.object({
  /** Number of the next task. */
  nextId: z.number(),
  /** What each action was turned into; replays must ask for the same again. */
  scheduled: z.array(z.array(scheduledTaskSchema)),
  /** How far the tasks of the last action are: the orchestrator waits for that one. */
  last: z.array(z.enum(['open', 'done', 'failed'])),
  /** By number: what has no result yet. */
  open: z.record(z.string(), openTaskSchema),
  /** By name: waits for an event, the latest at the end. */
  waits: z.record(z.string(), z.array(placeSchema)),
  /** By name: how many events came before anything waited for them. */
  buffered: z.record(z.string(), z.number()),
  /** Begun by `continueAsNew`, and not one turn old yet. */
  continued: z.boolean(),
  suspended: z.boolean(),
  /** Came while suspended, and takes effect on resumption. */
  held: z.array(historyEventSchema),
});
export type EngineState = z.infer<typeof engineStateSchema>;

export function newEngineState(continued = false): EngineState {
  return {
    nextId: 0,
    scheduled: [],
    last: [],
    open: {},
    waits: {},
    buffered: {},
    continued,
    suspended: false,
    held: [],
  };
}
