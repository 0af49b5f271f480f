import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as nap } from 'node:timers/promises';
import * as z from 'zod';
import { APPS } from './test-host.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', '..', 'local', 'host', 'main.ts');
const KEY = 'the-master-key';

const statusSchema = z.object({ runtimeStatus: z.string(), output: z.unknown() });
const sayingSchema = z.object({ customStatus: z.unknown() });
type Status = z.infer<typeof statusSchema>;

/** A host in a process of its own. */
export interface HostProcess {
  /** Starts an instance; the HTTP status of the answer. */
  start(name: string, id: string): Promise<number>;
  raise(id: string, event: string, data: unknown): Promise<number>;
  status(id: string): Promise<Status>;
  /** Waits until the instance says this of itself. */
  says(id: string, customStatus: string): Promise<void>;
  /** Waits until the instance has ended. */
  finished(id: string): Promise<Status>;
  /** SIGKILL, at once. */
  kill(): Promise<void>;
  exited: Promise<unknown>;
}

/** A state file with the processes that share it. */
export interface SharedState {
  spawn(): Promise<HostProcess>;
  /** The lines that activities wrote so far. */
  journal(): string[];
  /** Waits until the journal holds so many lines. */
  written(count: number): Promise<void>;
  close(): Promise<void>;
}

export function createSharedState(): SharedState {
  const folder = mkdtempSync(join(tmpdir(), 'host-process-'));
  const path = join(folder, 'journal');
  const hosts: HostProcess[] = [];
  const journal = (): string[] =>
    existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  return {
    journal,
    async spawn() {
      const host = await spawnHost(join(folder, 'state.db'), path);
      hosts.push(host);
      return host;
    },
    async written(count) {
      while (journal().length < count) await nap(5);
    },
    async close() {
      await Promise.all(hosts.map((host) => host.kill()));
      rmSync(folder, { recursive: true });
    },
  };
}

async function spawnHost(state: string, journal: string): Promise<HostProcess> {
  const parameters = ['--entry', join(APPS, 'recovery.ts'), '--host-json', join(APPS, 'host.json')];
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [MAIN, ...parameters, '--state', state, '--master-key', KEY], {
    env: { PATH, NODE_COMPILE_CACHE, JOURNAL: journal },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  const first = once(createInterface(child.stdout), 'line');
  const gone = exited.then(([code]: unknown[]) => {
    throw new Error(`The host ended with ${String(code)} before it answered.`);
  });
  const [line] = z.tuple([z.string()]).parse(await Promise.race([first, gone]));
  gone.catch(() => undefined);
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(line));
  const base = `${url}/runtime/webhooks/durabletask`;
  const headers = { 'x-functions-key': KEY, 'content-type': 'application/json' };
  const post = async (address: string, body?: string): Promise<number> =>
    (await fetch(`${base}/${address}`, { method: 'POST', headers, ...(body !== undefined && { body }) }))
      .status;
  const read = async (id: string): Promise<unknown> =>
    (await fetch(`${base}/instances/${encodeURIComponent(id)}`, { headers })).json();
  const status = async (id: string): Promise<Status> => statusSchema.parse(await read(id));

  return {
    start: (name, id) => post(`orchestrators/${name}/${id}`),
    raise: (id, event, data) => post(`instances/${id}/raiseEvent/${event}`, JSON.stringify(data)),
    status,
    async says(id, customStatus) {
      while (sayingSchema.parse(await read(id)).customStatus !== customStatus) await nap(5);
    },
    async finished(id) {
      for (;;) {
        const now = await status(id);
        if (!['Pending', 'Running', 'Suspended'].includes(now.runtimeStatus)) return now;
        await nap(10);
      }
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
    },
    exited,
  };
}
