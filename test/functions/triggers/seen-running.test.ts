import type { Engine } from '../../../functions/triggers/engine.ts';
import { createSeenRunning } from '../../../functions/triggers/seen-running.ts';
import { memoryEngine } from './engine.ts';

const HOLDERS = ['vm-a', 'vm-b'];

/** Two instances that are running, and how often the engine was asked for one. */
async function running() {
  let now = 0;
  let asked = 0;
  const engine = memoryEngine();
  for (const instanceId of HOLDERS) await engine.startNew('remediate', { instanceId });
  const counted: Pick<Engine, 'getStatus'> = {
    getStatus: (...of) => {
      asked += 1;
      return engine.getStatus(...of);
    },
  };
  const seen = createSeenRunning({ now: () => now });
  return {
    engine,
    asked: () => asked,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    areOver: () => Promise.all(HOLDERS.map((id) => seen.isOver(counted, id))),
  };
}

describe('Whether a holder of a place is still running', () => {
  it('is asked once in ten seconds, however many messages wait', async () => {
    const app = await running();
    for (let message = 0; message < 100; message += 1) expect(await app.areOver()).toEqual([false, false]);
    expect(app.asked()).toBe(2);
    app.pass(10);
    await app.areOver();
    expect(app.asked()).toBe(4);
  });

  it('is known ten seconds after its end at the latest', async () => {
    const app = await running();
    await app.areOver();
    app.engine.end('vm-b');
    app.pass(10);
    expect(await app.areOver()).toEqual([false, true]);
  });

  it('is never remembered of one that has ended: its place may be another’s by then', async () => {
    const app = await running();
    app.engine.end('vm-a');
    expect(await app.areOver()).toEqual([true, false]);
    await app.engine.startNew('remediate', { instanceId: 'vm-a' });
    expect(await app.areOver()).toEqual([false, false]);
  });
});
