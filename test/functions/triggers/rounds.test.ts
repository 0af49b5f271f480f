import { InvocationContext } from '@azure/functions';
import { fleetWatchRound, ROUNDS, sendRound } from '../../../functions/triggers/rounds.ts';
import { parseSchedule } from '../../../local/host/timer/schedule.ts';
import { memoryEngine, type MemoryEngine } from './engine.ts';

const AT = '2026-01-01T12:17:00.000Z';
const TIMER = {
  schedule: { adjustForDST: true },
  scheduleStatus: { last: AT, next: AT, lastUpdated: AT },
  isPastDue: false,
};

async function send(engine: MemoryEngine): Promise<void> {
  await sendRound(ROUNDS.janitor)(TIMER, engine, new InvocationContext({ logHandler: () => undefined }));
}

describe('the timer that sends the janitor round', () => {
  it('starts one, and none beside one that is still at it', async () => {
    const engine = memoryEngine();
    await send(engine);
    await send(engine);
    expect([...engine.instances.keys()]).toEqual([ROUNDS.janitor.instance]);
    expect(engine.started).toBe(1);
  });

  it('starts the next one when the last is through', async () => {
    const engine = memoryEngine();
    await send(engine);
    engine.end(ROUNDS.janitor.instance);
    await send(engine);
    expect(engine.started).toBe(2);
  });

  it('has nothing to do where another host was faster', async () => {
    const engine = memoryEngine();
    let asked = 0;
    const late: MemoryEngine = {
      ...engine,
      // The other host's start falls between the question and the own start.
      getStatus: async (id, options) => {
        asked += 1;
        if (asked > 1) return engine.getStatus(id, options);
        await engine.startNew('sweep', { instanceId: id });
        throw new Error('DurableClient error: Durable Functions extension replied with HTTP 404 response.');
      },
    };
    await send(late);
    expect(engine.started).toBe(1);
  });

  it('tells the host of a start that failed', async () => {
    const engine = { ...memoryEngine(), startNew: () => Promise.reject(new Error('no storage')) };
    await expect(send(engine)).rejects.toThrow('no storage');
  });

  it('fires every hour', () => {
    const schedule = parseSchedule(ROUNDS.janitor.schedule);
    const first = schedule.next(Date.UTC(2026, 0, 1, 12));
    expect(schedule.next(first) - first).toBe(3_600_000);
  });
});

describe('the timer of the fleet watch', () => {
  it('is off where nobody has switched it on', () => {
    expect(fleetWatchRound(0)).toBeUndefined();
  });

  it.each([5, 15, 60])('fires every %i minutes', (minutes) => {
    const schedule = parseSchedule(fleetWatchRound(minutes)?.schedule ?? '');
    const first = schedule.next(Date.UTC(2026, 0, 1, 12));
    expect(schedule.next(first) - first).toBe(minutes * 60_000);
  });
});
