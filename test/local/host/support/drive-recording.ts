import { gateKey, gates } from '../app/orchestrations.ts';
import { recorded, type RecordedTurn } from '../app/record-turns.ts';
import { startTestHost } from './test-host.ts';

export interface Driven {
  turns: Map<string, RecordedTurn[]>;
  /** Under the titles of the recording. */
  statuses: Map<string, unknown>;
}

/**
 * Gives a host everything the real one was given when test/fixtures/durable was recorded: the same starts, events,
 * suspensions and terminations, and the results of parallel activities in the same order.
 */
export async function driveRecording(): Promise<Driven> {
  const host = await startTestHost('orchestrations.ts');
  const client = (operation: string, ...parameters: unknown[]): Promise<unknown> =>
    host.client(operation, ...parameters);
  const statuses = new Map<string, unknown>();
  const begin = (name: string, id = `${name}-1`, input?: unknown): Promise<unknown> =>
    client('startNew', name, { instanceId: id, ...(input !== undefined && { input }) });
  const startAndFinish = async (name: string, input?: unknown): Promise<void> => {
    await begin(name, undefined, input);
    await host.finished(`${name}-1`);
  };
  const closeGate = (id: string, argument: unknown): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    gates.set(gateKey(id, argument), promise);
    return () => {
      resolve(undefined);
    };
  };
  /** Nothing runs but activities behind a gate, whose results the next turns wait for. */
  const turnOf = async (id: string, nth: number): Promise<void> => {
    while ((recorded.get(id) ?? []).length < nth) await new Promise((resolve) => setImmediate(resolve));
  };
  const raise = async (id: string, data: unknown): Promise<void> => {
    await client('raiseEvent', id, 'go', data);
    await host.idle();
  };

  for (const name of ['chain', 'retry', 'timerWins', 'poll', 'compensate', 'parentOfFailing'])
    await startAndFinish(name);
  await startAndFinish('again', { n: 1 });

  const fanout = [1, 2, 3].map((n) => closeGate('fanout-1', n));
  await begin('fanout');
  for (const [nth, index] of [0, 2, 1].entries()) {
    await turnOf('fanout-1', nth + 1);
    fanout[index]?.();
  }
  await host.finished('fanout-1');

  const oneFails = [1, 'E_ONE', 3].map((argument) => closeGate('fanoutOneFails-1', argument));
  await begin('fanoutOneFails');
  oneFails[0]?.();
  await turnOf('fanoutOneFails-1', 2);
  oneFails[1]?.();
  oneFails[2]?.();
  await host.finished('fanoutOneFails-1');

  const children = [1, 2].map((n) => closeGate(`parent-1:child${String(n)}`, { n }));
  await begin('parent');
  children[0]?.();
  await turnOf('parent-1', 2);
  children[1]?.();
  await host.finished('parent-1');

  // From here on no timer may come before the events.
  const release = host.clock.hold();
  await begin('eventWins');
  await host.idle();
  await raise('eventWins-1', { v: 7 });

  await begin('twoEvents');
  await host.idle();
  await raise('twoEvents-1', 1);
  await raise('twoEvents-1', 2);

  await begin('waits', 'terminated-1');
  await begin('waits', 'suspended-1');
  await begin('waits', 'dup-1');
  await host.idle();
  statuses.set('startNew of a running instance id', await begin('waits', 'dup-1'));
  await raise('dup-1', 'x');
  statuses.set('startNew of a completed instance id', await begin('waits', 'dup-1'));
  await host.idle();
  await client('terminate', 'terminated-1', 'because');
  await client('suspend', 'suspended-1', 'pause');
  await host.idle();
  await raise('dup-1', 'second');
  await raise('suspended-1', 'while suspended');
  statuses.set('status while suspended, event raised', await client('getStatus', 'suspended-1'));
  await client('resume', 'suspended-1', 'go on');
  await host.idle();
  release();
  await host.finished('twoEvents-1');

  for (const id of recorded.keys()) statuses.set(`getStatus ${id}`, await client('getStatus', id));
  await host.close();
  return { turns: recorded, statuses };
}
