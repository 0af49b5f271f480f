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
  url: string;
  /** Those that do not answer 401, whatever else they answer: `POST /api/alerts`. */
  openTo(headers: Record<string, string>): Promise<string[]>;
  /** The cookie of a session that the key was exchanged for, as a browser sends it. */
  signIn(): Promise<string>;
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
        .replace('{id}', 'vm-1')
        .replace('{file}', 'main.js')
        .replace(/\{(name|message)\}/, 'one')}`,
    })),
  );
  return {
    url: host.url,
    async openTo(headers) {
      const open: string[] = [];
      for (const { method, path } of doors) {
        const body = method === 'POST' ? { body: '{}' } : {};
        const sent = { 'content-type': 'application/json', 'x-rdp-medic-page': '1', ...headers };
        const { status } = await fetch(host.url + path, { method, headers: sent, ...body });
        if (status !== 401) open.push(`${method} ${path}`);
      }
      return sorted(open);
    },
    async signIn() {
      const headers = { 'x-functions-key': KEY, 'content-type': 'application/json' };
      const answer = await fetch(`${host.url}/page/sign-in`, { method: 'POST', headers, body: '{}' });
      return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    },
    async close() {
      await host.close();
      process.env = before;
      rmSync(folder, { recursive: true });
    },
  };
}

/** What anybody may ask: the page shows nothing to who has not signed in. */
export const FOR_ANYBODY = ['GET /docs/errors', 'GET /api/health', 'GET /', 'GET /page/assets/main.js', 'GET /page/me'];

/** What is asked from the page. */
export const FROM_PAGE = [
  'POST /page/sign-out',
  'GET /page/api/remediations',
  'POST /page/api/remediations',
  'GET /page/api/remediations/vm-1',
  'GET /page/api/remediations/vm-1/report',
  'GET /page/api/remediations/vm-1/evidence/one',
  'POST /page/api/remediations/vm-1/approval',
  'POST /page/api/remediations/vm-1/cancel',
  'POST /page/api/remediations/vm-1/rollback',
  'GET /page/api/counts',
  'GET /page/api/queue',
  'POST /page/api/queue/one/requeue',
];

/** What is asked by programs. */
export const FROM_PROGRAMS = [
  'GET /api/remediations',
  'POST /api/remediations',
  'GET /api/remediations/vm-1',
  'GET /api/remediations/vm-1/report',
  'GET /api/remediations/vm-1/evidence/one',
  'POST /api/remediations/vm-1/approval',
  'POST /api/remediations/vm-1/cancel',
  'POST /api/remediations/vm-1/rollback',
  'GET /api/counts',
  'GET /api/queue',
  'POST /api/queue/one/requeue',
  'POST /api/alerts',
  'POST /api/tickets/github',
  'GET /api/policy/explain',
  'GET /api/openapi.json',
  'POST /page/sign-in',
];

export function sorted(doors: readonly string[]): string[] {
  return [...doors].sort();
}
