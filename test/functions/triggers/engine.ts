import { OrchestrationRuntimeStatus } from 'durable-functions';
import type { Engine } from '../../../functions/triggers/engine.ts';

interface Instance {
  state: 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Terminated';
  input: unknown;
  events: { name: string; data: unknown }[];
}

/** An engine in memory, which answers as the durable client does over a real host (recorded answers). */
export interface MemoryEngine extends Engine {
  readonly instances: Map<string, Instance>;
  /** How many starts became an instance. */
  started: number;
  /** Ends an instance. */
  end(instanceId: string): void;
  /**
   * From now on starts are held back until `count` have come together, and then all are accepted, as by a
   * backend where two starts in one instant both find nothing; one of them keeps the row.
   */
  raceOf(count: number): void;
}

const ACTIVE: ReadonlySet<string> = new Set(['Pending', 'Running']);

export function memoryEngine(): MemoryEngine {
  const instances = new Map<string, Instance>();
  let together = 1;
  let held: (() => void)[] = [];

  const engine: MemoryEngine = {
    instances,
    started: 0,
    end: (id) => {
      const instance = instances.get(id);
      if (instance) instance.state = 'Completed';
    },
    raceOf: (count) => {
      together = count;
    },
    async startNew(_name, options) {
      const id = options?.instanceId ?? '';
      const running = ACTIVE.has(instances.get(id)?.state ?? '');
      if (running) {
        throw new Error(
          `The operation failed with an unexpected status code: 409. An instance ${id} exists.`,
        );
      }
      if (together > 1) {
        await new Promise<void>((resolve) => {
          held.push(resolve);
          if (held.length < together) return;
          const all = held;
          held = [];
          for (const release of all) release();
        });
      }
      if (!ACTIVE.has(instances.get(id)?.state ?? '')) {
        instances.set(id, { state: 'Pending', input: structuredClone(options?.input), events: [] });
        engine.started += 1;
      }
      return id;
    },
    getStatus: (id) => {
      const instance = instances.get(id);
      if (!instance) {
        return Promise.reject(
          new Error('DurableClient error: Durable Functions extension replied with HTTP 404 response.'),
        );
      }
      return Promise.resolve({
        input: structuredClone(instance.input),
        runtimeStatus: OrchestrationRuntimeStatus[instance.state],
      });
    },
    raiseEvent: (id, name, data) => {
      const instance = instances.get(id);
      if (!instance) return Promise.reject(new Error(`No instance with ID '${id}' found.`));
      instance.events.push({ name, data: structuredClone(data) });
      return Promise.resolve();
    },
  };
  return engine;
}
