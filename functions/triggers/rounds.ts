import type { InvocationContext, Timer } from '@azure/functions';
import { isOver, type Engine } from './engine.ts';
import { logEvent } from './log.ts';

/** What is sent round by a timer: an orchestration under one instance, for two at once would trip over each other. */
export interface Round {
  readonly schedule: string;
  readonly orchestration: string;
  readonly instance: string;
}

export const ROUNDS = {
  /** Every hour, off the full hour, when everybody else's timers fire. */
  janitor: { schedule: '0 17 * * * *', orchestration: 'sweep', instance: 'janitor' },
  /** Every five minutes: a VM that we hold down is waited for by people. */
  watchdog: { schedule: '30 */5 * * * *', orchestration: 'watch', instance: 'watchdog' },
} as const satisfies Record<string, Round>;

/** Every so many minutes, a divisor of 60; off where its owner has not switched it on. */
export function fleetWatchRound(minutes: number): Round | undefined {
  if (minutes === 0) return undefined;
  const when = minutes === 60 ? '5' : `*/${String(minutes)}`;
  return { schedule: `15 ${when} * * * *`, orchestration: 'watchFleet', instance: 'fleet-watch' };
}

/** Sends one round, unless the last is still at it. */
export function sendRound(round: Round) {
  return async (_timer: Timer, engine: Engine, context: InvocationContext): Promise<void> => {
    logEvent(context, round.instance, { started: await startRound(engine, round) });
  };
}

async function startRound(engine: Engine, { orchestration, instance }: Round): Promise<boolean> {
  if (!(await isOver(engine, instance))) return false;
  try {
    await engine.startNew(orchestration, { instanceId: instance });
    return true;
  } catch (error) {
    // Another host was faster: the engine refuses a second start of a running instance.
    if (!(await isOver(engine, instance))) return false;
    throw error;
  }
}
