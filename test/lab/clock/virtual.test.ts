import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { behind } from '../../../lab/clock/behind.ts';
import { duringLull } from '../../../lab/clock/lull.ts';
import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import { sleep } from '../../../lab/clock/sleep.ts';

const START = Date.UTC(2026, 0, 1);

describe('virtual clock', () => {
  it('jumps a day ahead as soon as nothing else is going on', async () => {
    const clock = createVirtualClock(START);
    await sleep(clock, 86_400_000);
    expect(clock.now()).toBe(START + 86_400_000);
  });

  it('fires timers by time, equal times in the order they were set', async () => {
    const clock = createVirtualClock(START);
    const fired: string[] = [];
    clock.setTimer(START + 20, () => fired.push(`b at ${String(clock.now() - START)}`));
    clock.setTimer(START + 10, () => fired.push(`a at ${String(clock.now() - START)}`));
    clock.setTimer(START + 20, () => fired.push(`c at ${String(clock.now() - START)}`));
    await clock.idle();
    expect(fired).toEqual(['a at 10', 'b at 20', 'c at 20']);
  });

  it('lets whatever a timer starts set earlier timers before it jumps on', async () => {
    const clock = createVirtualClock(START);
    const fired: number[] = [];
    const note = (): void => {
      fired.push(clock.now() - START);
    };
    clock.setTimer(START + 1000, note);
    clock.setTimer(START + 10, () => {
      note();
      void sleep(clock, 5).then(note);
    });
    await clock.idle();
    expect(fired).toEqual([10, 15, 1000]);
  });

  it('stands still while it is held, and a release counts once', async () => {
    const clock = createVirtualClock(START);
    const first = clock.hold();
    const second = clock.hold();
    const fired = sleep(clock, 1000);
    first();
    first();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(clock.now()).toBe(START);
    second();
    await fired;
    expect(clock.now()).toBe(START + 1000);
  });

  it('fires a timer already due even while it is held', async () => {
    const clock = createVirtualClock(START);
    const release = clock.hold();
    await sleep(clock, 0);
    expect(clock.now()).toBe(START);
    release();
  });

  it('fires what is set behind after all else of that moment, whichever was set first', async () => {
    const clock = createVirtualClock(START);
    const fired: string[] = [];
    behind(clock).setTimer(START + 10, () => fired.push('a look'));
    clock.setTimer(START + 10, () => fired.push('the end of an operation'));
    await clock.idle();
    expect(fired).toEqual(['the end of an operation', 'a look']);
  });

  it('fires the next timer of the same moment only when what the one before it began is over', async () => {
    const clock = createVirtualClock(START);
    const log: string[] = [];
    clock.setTimer(START + 10, () => {
      const release = clock.hold();
      setTimeout(() => {
        log.push('the first is done');
        release();
      }, 5);
    });
    clock.setTimer(START + 10, () => log.push('the second'));
    await clock.idle();
    expect(log).toEqual(['the first is done', 'the second']);
  });

  it('fires what is due for whoever holds the clock, ahead of what waits for it to be let go', async () => {
    const clock = createVirtualClock(START);
    const log: string[] = [];
    clock.setTimer(START + 10, () => {
      const release = clock.hold();
      void sleep(clock, 0).then(() => {
        log.push('the holder goes on');
        release();
      });
    });
    clock.setTimer(START + 10, () => log.push('the second'));
    await clock.idle();
    expect(log).toEqual(['the holder goes on', 'the second']);
  });

  it('never fires a cancelled timer, and is not moved by it', async () => {
    const clock = createVirtualClock(START);
    const fired: string[] = [];
    const timer = clock.setTimer(START + 50, () => fired.push('cancelled'));
    clock.setTimer(START + 20, () => fired.push('kept'));
    timer.cancel();
    await clock.idle();
    expect(fired).toEqual(['kept']);
    expect(clock.now()).toBe(START + 20);
  });

  it('waits for loopback answers on their way', async () => {
    const clock = createVirtualClock(START);
    const server = createServer((socket) => socket.end('pong')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    let timeOfAnswer = Infinity;
    const fired = sleep(clock, 60_000);
    const answer = once(connect(port, '127.0.0.1'), 'data').then(() => {
      timeOfAnswer = clock.now();
    });
    await Promise.all([fired, answer]);
    expect(timeOfAnswer).toBe(START);
    server.close();
  });

  it('gives the same history twice', async () => {
    const run = async (): Promise<string[]> => {
      const clock = createVirtualClock(START);
      const log: string[] = [];
      const worker = async (name: string, period: number): Promise<void> => {
        for (let turn = 0; turn < 20; turn += 1) {
          await sleep(clock, period);
          log.push(`${name} ${String(clock.now() - START)}`);
        }
      };
      await Promise.all([worker('a', 7), worker('b', 11), worker('c', 7)]);
      return log;
    };
    expect(await run()).toEqual(await run());
  });

  it('goes on for whoever waits in a lull, held as it was before, and stands for holds that come after', async () => {
    const clock = createVirtualClock(START);
    const release = clock.hold();
    await duringLull(clock, () => sleep(clock, 40_000));
    expect(clock.now()).toBe(START + 40_000);

    let fired = false;
    clock.setTimer(clock.now() + 1000, () => {
      fired = true;
    });
    const turns = () => new Promise((resolve) => setTimeout(resolve, 20));
    await turns();
    expect(fired).toBe(false);
    await duringLull(clock, async () => {
      const later = clock.hold();
      await turns();
      expect(fired).toBe(false);
      later();
      while (!fired) await turns();
    });
    expect(fired).toBe(true);
    release();
  });
});
