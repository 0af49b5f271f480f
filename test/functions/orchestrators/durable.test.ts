import { DummyOrchestrationContext } from 'durable-functions';
import { act } from '../../../functions/orchestrators/durable.ts';
import type { ErrorCode } from '../../../shared/error-codes.ts';
import { problem } from '../../../shared/errors.ts';
import { ACTIVITIES } from '../../../shared/model/activity.ts';
import { TIMING } from '../../../shared/repair/timing.ts';

const status = { powerState: 'running', agentReady: true, provisioningState: 'Succeeded' };

/** Steps of one activity call, its tasks answered by hand; time passes by its timers alone. */
function begin(instanceId = 'vm-1') {
  const waits: number[] = [];
  const df = {
    instanceId,
    currentUtcDateTime: new Date(0),
    createTimer(at: Date) {
      waits.push((at.getTime() - df.currentUtcDateTime.getTime()) / 1000);
      df.currentUtcDateTime = at;
    },
    callActivity: () => undefined,
    getInput: () => undefined,
  };
  const context = Object.assign(new DummyOrchestrationContext(), { df });
  const steps = act(context, ACTIVITIES.readVmStatus, { vmId: 'x' });
  return { steps, waits, passed: () => df.currentUtcDateTime.getTime() / 1000 };
}

const call = () => begin().steps;

const refused = (code: ErrorCode, retryAfterSeconds: number, message = 'no') => ({
  ok: false,
  problem: { ...problem(code, message), retryAfterSeconds },
});

describe('an activity that breaks off', () => {
  it('is tried again, as Azure that is away is', () => {
    const steps = call();
    steps.next();
    // Its worker was restarted: a timer comes, then the call again.
    expect(steps.throw(new Error('Activity function failed: worker was restarted')).done).toBe(false);
    expect(steps.next().done).toBe(false);
    expect(steps.next({ ok: true, value: status })).toEqual({ done: true, value: status });
  });

  it('is not tried for ever', () => {
    const steps = call();
    steps.next();
    expect(() => {
      for (let tries = 1; tries <= 12; tries++) {
        steps.throw(new Error('time-out'));
        steps.next();
      }
    }).toThrow(/readVmStatus failed: time-out/);
  });
});

describe('a call that is throttled', () => {
  /** Answers every try with the same refusal, as long as another one follows. */
  function throttled(instanceId: string, tries: number): number[] {
    const { steps, waits } = begin(instanceId);
    steps.next();
    for (let time = 1; time <= tries; time++) {
      steps.next(refused('AzureThrottled', 1));
      steps.next();
    }
    return waits;
  }

  it('is tried far more often than one that fails otherwise, and then succeeds', () => {
    const { steps } = begin();
    steps.next();
    for (let time = 1; time <= 5 * TIMING.retryTries; time++) {
      expect(steps.next(refused('AzureThrottled', 1)).done).toBe(false);
      steps.next();
    }
    expect(steps.next({ ok: true, value: status })).toEqual({ done: true, value: status });
  });

  it('waits as long as Azure asks for, and longer by a time of its own', () => {
    const one = throttled('vm-1', 8);
    const other = throttled('vm-2', 8);
    expect(Math.min(...one, ...other)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...one, ...other)).toBeLessThanOrEqual(1 + TIMING.spreadLongest);
    // The same at every replay.
    expect(throttled('vm-1', 8)).toEqual(one);
    expect(one.filter((seconds, index) => seconds === other[index])).toEqual([]);
  });

  it('ends after two hours, with what Azure said', () => {
    const { steps, passed } = begin();
    steps.next();
    expect(() => {
      for (;;) {
        steps.next(refused('AzureThrottled', 60));
        steps.next();
      }
    }).toThrow('no');
    expect(passed()).toBeGreaterThanOrEqual(TIMING.throttledLimit);
    expect(passed()).toBeLessThan(TIMING.throttledLimit + 60 + TIMING.spreadLongest);
  });

  it('leaves the tries of what fails otherwise as they are', () => {
    const { steps, waits } = begin();
    steps.next();
    for (let time = 1; time <= 20; time++) {
      steps.next(refused('AzureThrottled', 1));
      steps.next();
    }
    expect(() => {
      for (let time = 1; time <= TIMING.retryTries; time++) {
        steps.next(refused('AzureUnavailable', 1, 'away'));
        steps.next();
      }
    }).toThrow('away');
    // Nobody is waited for where no bucket is shared.
    expect(waits.slice(20)).toEqual(Array(TIMING.retryTries - 1).fill(1));
  });
});
