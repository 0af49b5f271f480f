import type { Clock, ClockTimer } from '../../../shared/clock.ts';
import type { Busy } from '../busy.ts';
import { messageOf } from '../errors.ts';
import type { TimerFunction } from '../functions.ts';
import type { Inputs } from '../invoke.ts';
import type { Schedules } from '../store/schedules.ts';

export interface TimerTriggerOptions {
  target: TimerFunction;
  clock: Clock;
  schedules: Schedules;
  busy: Busy;
  /** Runs the function with its outputs; rejects when it fails. */
  run: (inputs: Inputs) => Promise<void>;
  log: (line: string) => void;
}

/**
 * Runs a function by its schedule, once for each due time, however many processes share the state. A run that fell
 * into a time when no host was there is made up for at the next start (`IsPastDue`).
 * @returns how to stop it
 */
export function startTimerTrigger({
  target,
  clock,
  schedules,
  busy,
  run,
  log,
}: TimerTriggerOptions): () => void {
  const { schedule, runOnStartup, useMonitor } = target;
  const { name } = target.target.metadata;
  let timer: ClockTimer | undefined;
  let stopped = false;

  const fire = async (isPastDue: boolean, last: number | null, next: number): Promise<void> => {
    const leave = busy.enter();
    try {
      await run(timerInputs(target, clock.now(), { isPastDue, last, next }));
    } catch (error) {
      log(`[${name}] failed: ${messageOf(error)}`);
    } finally {
      leave();
    }
  };

  const arm = (): void => {
    const due = schedules.find(name)?.next;
    if (stopped || due === undefined) return;
    timer = clock.setTimer(due, () => {
      const now = clock.now();
      const last = schedules.find(name)?.last ?? null;
      const next = schedule.next(now);
      if (schedules.take(name, due, now, next)) void fire(now - due > 60_000, last, next);
      arm();
    });
  };

  const now = clock.now();
  schedules.begin(name, schedule.next(now));
  const known = schedules.find(name)?.next ?? now;
  // What was missed counts only where it is monitored; and an edited schedule takes effect at once.
  if ((known <= now && !useMonitor) || known > schedule.next(now)) schedules.move(name, schedule.next(now));
  if (runOnStartup) void fire(false, null, schedule.next(now));
  arm();
  return () => {
    stopped = true;
    timer?.cancel();
  };
}

/** The trigger's value on the wire; `last` and `next` in milliseconds since the epoch. */
export function timerInputs(
  { target, useMonitor }: TimerFunction,
  now: number,
  { isPastDue, last, next }: { isPastDue: boolean; last: number | null; next: number },
): Inputs {
  const time = (at: number): string => new Date(at).toISOString();
  const status = { Last: time(last ?? 0), Next: time(next), LastUpdated: time(last ?? now) };
  const value = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: useMonitor && last !== null ? status : null,
    IsPastDue: isPastDue,
  };
  const binding = Object.entries(target.metadata.bindings).find(([, { type }]) => type === 'timerTrigger');
  return {
    inputData: [{ name: binding?.[0] ?? '', data: { json: JSON.stringify(value) } }],
    triggerMetadata: { TimerTrigger: { string: time(now) } },
  };
}
