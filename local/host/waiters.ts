import type { DurableClient } from './durable/client.ts';
import { isFinished, type Instance } from './store/instances.ts';

/** Those who wait for the end of an instance, in whichever process it comes. */
export interface Waiters {
  finished: (instanceId: string) => Promise<Instance>;
  /** Looks whether the instance has ended; without an id at all that are waited for. */
  look: (instanceId?: string) => void;
}

export function createWaiters(client: Pick<DurableClient, 'find'>): Waiters {
  const waiting = new Map<string, ((instance: Instance) => void)[]>();
  const look = (id: string): void => {
    const instance = client.find(id);
    if (!instance || !isFinished(instance.status)) return;
    const resolvers = waiting.get(id) ?? [];
    waiting.delete(id);
    for (const resolve of resolvers) resolve(instance);
  };
  return {
    finished: (id) =>
      new Promise((resolve) => {
        waiting.set(id, [...(waiting.get(id) ?? []), resolve]);
        look(id);
      }),
    look(id) {
      if (id === undefined) for (const known of [...waiting.keys()]) look(known);
      else if (waiting.has(id)) look(id);
    },
  };
}
