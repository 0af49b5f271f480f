import { createSharedState, type SharedState } from './support/host-process.ts';

describe('a host that is killed and started again', () => {
  let state: SharedState;
  beforeEach(() => {
    state = createSharedState();
  });
  afterEach(() => state.close());

  const completed = (output: unknown): object => ({ runtimeStatus: 'Completed', output });
  const all = [1, 2, 3, [4, 5]];

  test('runs an activity again that it died in', async () => {
    const first = await state.spawn();
    await first.start('stalls', 'a');
    await state.written(1);
    await first.kill();
    const second = await state.spawn();
    expect(await second.finished('a')).toEqual(completed(1));
    expect(state.journal()).toEqual(['a stall', 'a stall']);
  });

  test('runs a turn again that it died in, without running its activities again', async () => {
    const first = await state.spawn();
    await first.start('diesInTurn', 'a');
    await first.exited;
    const second = await state.spawn();
    expect(await second.finished('a')).toEqual(completed('survived'));
    expect(state.journal()).toEqual(['a 1', 'a died', 'a 2']);
  });

  test('fires a timer that was waited for when it died', async () => {
    const first = await state.spawn();
    await first.start('sleeps', 'a');
    await first.says('a', 'asleep');
    await first.kill();
    const second = await state.spawn();
    expect(await second.finished('a')).toEqual(completed('awake'));
    expect(state.journal()).toEqual(['a 1']);
  });

  test('keeps the events it accepted', async () => {
    const first = await state.spawn();
    await first.start('waits', 'a');
    await state.written(1);
    expect(await first.raise('a', 'go', 'one')).toBe(202);
    await first.kill();
    const second = await state.spawn();
    expect(await second.raise('a', 'go', 'two')).toBe(202);
    expect(await second.finished('a')).toEqual(completed(['one', 'two']));
  });

  test.each([1, 2, 3, 4, 5])('ends the same when it died after line %d of its work', async (line) => {
    const first = await state.spawn();
    await first.start('work', 'a');
    await state.written(line);
    await first.kill();
    const second = await state.spawn();
    expect(await second.finished('a')).toEqual(completed(all));
    // At least once: only what ran when it died may have run twice.
    expect(new Set(state.journal())).toEqual(new Set(['a 1', 'a 2', 'a 3', 'a:child 4', 'a:child 5']));
    expect(state.journal().length).toBeLessThanOrEqual(7);
  });

  test('loses none of many instances when it is killed again and again', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `vm${String(index)}`);
    let host = await state.spawn();
    for (const id of ids) expect(await host.start('work', id)).toBe(202);
    for (const line of [8, 20, 33]) {
      await state.written(line);
      await host.kill();
      host = await state.spawn();
    }
    for (const id of ids) expect(await host.finished(id)).toEqual(completed(all));
  });
});
