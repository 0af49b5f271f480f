import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import { startTestHost } from './support/test-host.ts';
import { createSharedState, type HostProcess, type SharedState } from './support/host-process.ts';

describe('two host processes that share a state file', () => {
  let state: SharedState;
  let one: HostProcess;
  let other: HostProcess;
  beforeEach(async () => {
    state = createSharedState();
    [one, other] = await Promise.all([state.spawn(), state.spawn()]);
  });
  afterEach(() => state.close());

  test('start an id once, however close their requests are', async () => {
    const ids = Array.from({ length: 15 }, (_, index) => `race${String(index)}`);
    for (const id of ids) {
      const answers = await Promise.all([one.start('waits', id), other.start('waits', id)]);
      expect(answers.sort()).toEqual([202, 409]);
    }
    await state.written(ids.length);
    for (const id of ids) {
      await one.raise(id, 'go', 1);
      await other.raise(id, 'go', 2);
      expect((await one.finished(id)).runtimeStatus).toBe('Completed');
    }
    expect(state.journal().sort()).toEqual(ids.map((id) => `${id} 1`).sort());
  });

  test('see and reach each other’s instances', async () => {
    await one.start('waits', 'a');
    expect(await other.raise('a', 'go', 'x')).toBe(202);
    expect(await other.raise('a', 'go', 'y')).toBe(202);
    expect(await other.finished('a')).toEqual({ runtimeStatus: 'Completed', output: ['x', 'y'] });
  });

  test('take over what the other one was doing when it was killed', async () => {
    await one.start('stalls', 'a');
    await one.start('sleeps', 'b');
    await state.written(2);
    await one.kill();
    expect(await other.finished('a')).toEqual({ runtimeStatus: 'Completed', output: 1 });
    expect(await other.finished('b')).toEqual({ runtimeStatus: 'Completed', output: 'awake' });
  });

  test('learn of each other’s ends', async () => {
    await one.start('work', 'a');
    expect(await other.finished('a')).toEqual({
      runtimeStatus: 'Completed',
      output: [1, 2, 3, [4, 5]],
    });
  });
});

test('two hosts in one process share a state file as well', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'two-hosts-'));
  const options = { statePath: join(folder, 'state.db'), clock: createVirtualClock(0) };
  const [one, other] = [await startTestHost('limits.ts', options), await startTestHost('limits.ts', options)];
  await one.client('startNew', 'waits', { instanceId: 'a' });
  const end = other.finished('a');
  await other.client('raiseEvent', 'a', 'go', 'across');
  expect((await end).output).toBe('"across"');
  await Promise.all([one.close(), other.close()]);
  rmSync(folder, { recursive: true });
});
