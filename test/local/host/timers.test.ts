import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import { sleep } from '../../../lab/clock/sleep.ts';
import { parseSchedule } from '../../../local/host/timer/schedule.ts';
import recording from '../../fixtures/durable/tick_request.json' with { type: 'json' };
import { seen } from './app/timers.ts';
import { startTestHost } from './support/test-host.ts';

const START = Date.UTC(2026, 0, 1, 9, 59, 55);

describe('timer-triggered functions', () => {
  let folder: string;
  beforeEach(() => {
    seen.splice(0);
    folder = mkdtempSync(join(tmpdir(), 'timers-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const runsOf = (name: string): unknown[] =>
    seen.filter((entry) => entry.name === name).map(({ value }) => value);
  const start = (clock = createVirtualClock(START)): ReturnType<typeof startTestHost> =>
    startTestHost('timers.ts', {
      clock,
      statePath: join(folder, 'state.db'),
    });

  test('run when they are due', async () => {
    const clock = createVirtualClock(START);
    const host = await start(clock);
    await sleep(clock, 31_000);
    await host.close();
    expect(runsOf('tick')).toHaveLength(3);
    expect(runsOf('hourly')).toHaveLength(1);
  });

  test('are given what the real host gives them', async () => {
    const clock = createVirtualClock(START);
    const host = await start(clock);
    await sleep(clock, 6_000);
    await host.close();
    const { Schedule, ScheduleStatus, IsPastDue } =
      recording.invocationRequest.inputData[0]?.data.json__parsed ?? {};
    expect(runsOf('tick')).toEqual([
      {
        schedule: { adjustForDST: Schedule?.AdjustForDST },
        scheduleStatus: ScheduleStatus,
        isPastDue: IsPastDue,
      },
    ]);
  });

  test('make up for a run that was missed while no host was there', async () => {
    await (await start()).close();
    const clock = createVirtualClock(START + 3_600_000);
    const host = await start(clock);
    await sleep(clock, 1);
    await host.close();
    expect(runsOf('hourly')).toMatchObject([{ isPastDue: true }]);
  });

  test('run once although two hosts share the state', async () => {
    const clock = createVirtualClock(START);
    const [one, other] = [await start(clock), await start(clock)];
    await sleep(clock, 6_000);
    await Promise.all([one.close(), other.close()]);
    expect(runsOf('hourly')).toHaveLength(1);
  });

  test('can be run by hand with the master key', async () => {
    const host = await startTestHost('timers.ts', {
      timerTriggers: 'off',
    });
    const post = async (headers: Record<string, string>): Promise<number> =>
      (await host.get('/admin/functions/hourly', { method: 'POST', body: '{}', headers })).status;
    expect(await post({})).toBe(401);
    expect(await post({ 'x-functions-key': host.functionKey })).toBe(403);
    expect(await post({ 'x-functions-key': host.masterKey })).toBe(202);
    await host.idle();
    expect(runsOf('hourly')).toHaveLength(1);
    await host.close();
  });
});

describe('a schedule', () => {
  const at = (text: string): number => Date.parse(text);

  test.each([
    ['0 */15 * * * *', '2026-01-01T10:01:00Z', '2026-01-01T10:15:00Z'],
    ['0 0 3 * * 1-5', '2026-01-02T10:00:00Z', '2026-01-05T03:00:00Z'],
    ['30 10 * * *', '2026-01-01T10:31:00Z', '2026-01-02T10:30:00Z'],
    ['01:30:00', '2026-01-01T10:00:00Z', '2026-01-01T11:30:00Z'],
  ])('%s is due after %s at %s', (expression, from, due) => {
    expect(parseSchedule(expression).next(at(from))).toBe(at(due));
  });

  test.each(['every day', '* * *', '99 * * * * *', ''])('"%s" is none', (expression) => {
    expect(() => parseSchedule(expression)).toThrow();
  });
});
