import { DummyOrchestrationContext } from 'durable-functions';
import { act } from '../../../functions/orchestrators/durable.ts';
import { ACTIVITIES } from '../../../shared/model/activity.ts';

const status = { powerState: 'running', agentReady: true, provisioningState: 'Succeeded' };

/** Steps of one activity call, its tasks answered by hand. */
function call() {
  const df = {
    currentUtcDateTime: new Date(0),
    createTimer: () => undefined,
    callActivity: () => undefined,
    getInput: () => undefined,
  };
  const context = Object.assign(new DummyOrchestrationContext(), { df });
  return act(context, ACTIVITIES.readVmStatus, { vmId: 'x' });
}

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
