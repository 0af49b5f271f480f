import { app } from '@azure/functions';
import * as z from 'zod';

/** One turn of an orchestration as it went over the wire. */
export interface RecordedTurn {
  trigger: unknown;
  returned: unknown;
}

/** By instance id, in the order they happened. */
export const recorded = new Map<string, RecordedTurn[]>();

const triggerSchema = z.looseObject({ instanceId: z.string(), history: z.array(z.unknown()) });
const hookData = z.object({ trigger: z.string() });

/** Listens at the worker's hooks, and so sees exactly what the host sends and what it gets. */
export function recordTurns(): void {
  app.hook.preInvocation((context) => {
    if (!triggerSchema.safeParse(context.inputs[0]).success) return;
    // Now, because the library turns the timestamps into dates.
    context.hookData['trigger'] = JSON.stringify(context.inputs[0]);
  });
  app.hook.postInvocation((context) => {
    const { data } = hookData.safeParse(context.hookData);
    if (!data) return;
    const trigger = triggerSchema.parse(JSON.parse(data.trigger));
    const turns = recorded.get(trigger.instanceId) ?? [];
    const { error, result } = context;
    const returned =
      error instanceof Error
        ? { failed: { status: 0, exception: { message: error.message } } }
        : JSON.parse(JSON.stringify(result));
    recorded.set(trigger.instanceId, [...turns, { trigger, returned }]);
  });
}
