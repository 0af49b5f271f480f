import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpRoutes } from '../../../../functions/triggers/routes.ts';
import { createVirtualClock } from '../../../../lab/clock/virtual.ts';
import { startHost } from '../../../../local/host/start-host.ts';
import { storageAccount } from '../../../support/storage.ts';
import { createApp } from '../app.ts';

/** The key of the host. */
export const KEY = 'the-key';

/** Every address of the service, behind a host. */
export interface Doors {
  /** Those that do not answer 401, whatever else they answer: `POST /api/alerts`. */
  openTo(headers: Record<string, string>): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts the app with these settings; a process has one app, so each test file has its own settings. */
export async function startDoors(account: number, settings: Record<string, string> = {}): Promise<Doors> {
  const folder = mkdtempSync(join(tmpdir(), 'doors-'));
  const before = { ...process.env };
  const storage = storageAccount(account);
  Object.assign(process.env, settings, { AzureWebJobsStorage: storage });
  const host = await startHost({
    entry: join(import.meta.dirname, 'app.ts'),
    hostJson: join(import.meta.dirname, '../../../../host.json'),
    statePath: join(folder, 'state.db'),
    clock: createVirtualClock(Date.now()),
    storageConnection: storage,
    functionKey: KEY,
    timerTriggers: 'off',
  });
  const doors = httpRoutes(createApp().deps).flatMap(({ path, handlers }) =>
    Object.keys(handlers).map((method) => ({
      method,
      path: `/${path
        .replace(/^\{nothing.*/, '')
        .replace('{connector}', 'github')
        .replace('{id}', 'vm-1')}`,
    })),
  );
  return {
    async openTo(headers) {
      const open: string[] = [];
      for (const { method, path } of doors) {
        const body = method === 'POST' ? { body: '{}' } : {};
        const sent = { 'content-type': 'application/json', ...headers };
        const { status } = await fetch(host.url + path, { method, headers: sent, ...body });
        if (status !== 401) open.push(`${method} ${path}`);
      }
      return open;
    },
    async close() {
      await host.close();
      process.env = before;
      rmSync(folder, { recursive: true });
    },
  };
}

/** What anybody may ask. */
export const FOR_ANYBODY = ['GET /docs/errors', 'GET /api/health'];

/** All of them. */
export const ALL_DOORS = [
  'GET /api/remediations',
  'POST /api/remediations',
  'GET /api/remediations/vm-1',
  'GET /api/remediations/vm-1/report',
  'POST /api/remediations/vm-1/approval',
  'POST /api/remediations/vm-1/cancel',
  'POST /api/remediations/vm-1/rollback',
  'POST /api/alerts',
  'POST /api/tickets/github',
  'GET /api/policy/explain',
  'GET /',
  'GET /api/openapi.json',
  ...FOR_ANYBODY,
];
