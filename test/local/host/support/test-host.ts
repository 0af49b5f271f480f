import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVirtualClock, type VirtualClock } from '../../../../lab/clock/virtual.ts';
import { startHost, type EmbeddedHost, type HostOptions } from '../../../../local/host/start-host.ts';

export const APPS = join(import.meta.dirname, '..', 'app');

export interface TestHost extends EmbeddedHost {
  clock: VirtualClock;
  /** Calls a method of the durable client inside the app; what it gave back, or its error. */
  client(operation: string, ...parameters: unknown[]): Promise<unknown>;
  get(path: string, init?: RequestInit): Promise<Response>;
}

/** Starts a host on a virtual clock and a state file of its own, both gone when it is closed. */
export async function startTestHost(app: string, options: Partial<HostOptions> = {}): Promise<TestHost> {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-host-'));
  const clock = createVirtualClock(Date.UTC(2026, 10, 22, 4));
  const host = await startHost({
    entry: join(APPS, app),
    hostJson: join(APPS, 'host.json'),
    statePath: join(folder, 'state.db'),
    clock,
    storageConnection: '',
    functionKey: 'the-key',
    ...options,
  });
  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${host.url}${path}`, init);
  return {
    ...host,
    clock,
    get,
    async client(operation, ...parameters) {
      const response = await get(`/api/client/${operation}`, {
        method: 'POST',
        body: JSON.stringify(parameters),
      });
      return response.json();
    },
    async close() {
      await host.close();
      rmSync(folder, { recursive: true });
    },
  };
}
