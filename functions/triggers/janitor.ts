import type { InvocationContext, Timer } from '@azure/functions';
import { isOver, type Engine } from './engine.ts';
import { logEvent } from './log.ts';

/** Every hour, off the full hour, when everybody else's timers fire. */
export const JANITOR_SCHEDULE = '0 17 * * * *';
export const JANITOR_ORCHESTRATION = 'sweep';
/** One instance: two janitors would trip over each other. */
export const JANITOR_INSTANCE = 'janitor';

/** Sends the janitor round, unless it is still at it. */
export async function sendJanitor(_timer: Timer, engine: Engine, context: InvocationContext): Promise<void> {
  const started = await startJanitor(engine);
  logEvent(context, 'janitor', { started });
}

async function startJanitor(engine: Engine): Promise<boolean> {
  if (!(await isOver(engine, JANITOR_INSTANCE))) return false;
  try {
    await engine.startNew(JANITOR_ORCHESTRATION, { instanceId: JANITOR_INSTANCE });
    return true;
  } catch (error) {
    // Another host was faster: the engine refuses a second start of a running instance.
    if (!(await isOver(engine, JANITOR_INSTANCE))) return false;
    throw error;
  }
}
