import { concurrency } from './app/limits.ts';
import { startTestHost, type TestHost } from './support/test-host.ts';

describe('limits and deliberate differences', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await startTestHost('limits.ts', { concurrentActivities: 5 });
  });
  afterAll(() => host.close());

  const run = async (name: string, instanceId = name): Promise<{ status: string; output: unknown }> => {
    await host.client('startNew', name, { instanceId });
    const { status, output } = await host.finished(instanceId);
    return { status, output: JSON.parse(output ?? 'null') };
  };

  test('activities run at the same time, but not more than allowed', async () => {
    const { output } = await run('crowds');
    expect(output).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(concurrency.most).toBe(5);
  });

  test('on a virtual clock twenty-five minutes are exactly that, for one or for fifty', async () => {
    const minutes = async (ids: string[]): Promise<number> => {
      const hold = host.clock.hold();
      for (const id of ids) await host.client('startNew', 'watches', { instanceId: id });
      await host.idle();
      const begun = host.clock.now();
      hold();
      for (const id of ids) expect((await host.finished(id)).status).toBe('Completed');
      return (host.clock.now() - begun) / 60_000;
    };
    expect(await minutes(['one'])).toBe(25);
    expect(await minutes(Array.from({ length: 50 }, (_, index) => `vm${String(index)}`))).toBe(25);
  });

  test('a cancelled timer leaves no trace', async () => {
    const begun = host.clock.now();
    expect(await run('cancelsTimer')).toEqual({ status: 'Completed', output: 'went on' });
    await host.clock.idle();
    expect(host.clock.now() - begun).toBe(1000);
  });

  test('pauses between attempts grow up to their limit', async () => {
    expect((await run('backsOff')).output).toBe(1000 + 3000 + 5000 + 5000);
  });

  test.each([
    ['callsHttp', 'callHttp'],
    ['callsEntity', 'callEntity'],
    ['limitsRetryTime', 'retryTimeoutInMilliseconds'],
  ])('%s fails and says what is missing', async (name, word) => {
    const { status, output } = await run(name);
    expect(status).toBe('Failed');
    expect(output).toContain(word);
  });

  test('an entity is off', () => {
    expect(host.off.get('counter')).toContain('entityTrigger');
  });

  test('a child whose id is running fails the call', async () => {
    await host.client('startNew', 'waits', { instanceId: 'already-there' });
    await host.idle();
    const { output } = await run('callsRunningChild');
    expect(output).toBe('An Orchestration instance with the status Running already exists. ');
    await host.client('raiseEvent', 'already-there', 'go', 1);
    await host.finished('already-there');
  });

  test('a suspended instance starts nothing, and catches up when it is resumed', async () => {
    const status = async (): Promise<unknown> => host.client('getStatus', 's');
    await host.client('startNew', 'twoSteps', { instanceId: 's' });
    await host.client('suspend', 's', 'not now');
    await host.client('raiseEvent', 's', 'go', 'first');
    const before = concurrency.most;
    concurrency.most = 0;
    await host.idle();
    expect(concurrency.most).toBe(0);
    expect(await status()).toMatchObject({ ok: { runtimeStatus: 'Suspended', output: 'not now' } });
    await host.client('resume', 's', 'go on');
    await host.idle();
    expect(await status()).toMatchObject({
      ok: { runtimeStatus: 'Running', customStatus: 'second step done' },
    });
    await host.client('raiseEvent', 's', 'end', null);
    expect(JSON.parse((await host.finished('s')).output ?? '')).toBe('first');
    concurrency.most = before;
  });
});
