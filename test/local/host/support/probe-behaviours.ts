import * as z from 'zod';
import type { HostOptions } from '../../../../local/host/start-host.ts';
import { startTestHost, type TestHost } from './test-host.ts';

const statusSchema = z.object({
  runtimeStatus: z.string(),
  output: z.unknown(),
  customStatus: z.unknown(),
});
const idSchema = z.object({ r: z.string() });
const resultSchema = z.object({ r: z.unknown() });

/** Orchestrations that never end, on the real host neither. */
const ENDLESS = new Set(['callMissing', 'catchMissing']);

/** Tries everything that was tried on the real host, in the same order; the results under the same titles. */
export async function probeBehaviours(
  titles: string[],
  options: Partial<HostOptions>,
): Promise<Map<string, unknown>> {
  const host = await startTestHost('behaviours.ts', options);
  const found = new Map<string, unknown>();
  const client = async (operation: string, ...parameters: unknown[]): Promise<[number, unknown]> => {
    const body = JSON.stringify(parameters);
    const response = await host.get(`/api/client/${operation}`, { method: 'POST', body });
    return [response.status, await response.json()];
  };
  const tell = async (title: string, operation: string, ...parameters: unknown[]): Promise<void> => {
    found.set(title, await client(operation, ...parameters));
    await host.idle();
  };
  const statusOf = async (id: string): Promise<unknown> => {
    const [, answer] = await client('getStatus', id);
    return statusSchema.parse(resultSchema.parse(answer).r);
  };
  /** Starts and waits, and gives back the end, or why there was no start. */
  const run = async (name: string, options?: { instanceId: string }): Promise<unknown> => {
    const [code, answer] = await client('startNew', name, options);
    if (code !== 200) return { startFailed: answer };
    const { r: id } = idSchema.parse(answer);
    if (ENDLESS.has(name)) await host.idle();
    else await host.finished(id);
    return statusOf(id);
  };

  for (const title of titles) {
    const [, name] = /^orch:(.*)$/.exec(title) ?? [];
    if (name !== undefined) found.set(title, await run(name));
    const [, instanceId] = /^instanceId:'(.*)'$/.exec(title) ?? [];
    if (instanceId !== undefined)
      found.set(title, await run('utc', { instanceId: instanceId.replace('\\\\', '\\') }));
  }
  found.set('start:unregistered', await run('noSuchOrch'));
  const twice = { instanceId: 'twice' };
  found.set('dup start same id (completed)', [await run('utc', twice), await run('utc', twice)]);

  for (const id of ['w1', 'w2', 'w3']) await client('startNew', 'waitEv', { instanceId: id });
  await host.idle();
  await tell('dup start same id (running)', 'startNew', 'waitEv', { instanceId: 'w1' });
  await tell('raiseEvent running', 'raiseEvent', 'w1', 'e', { x: 1 });
  await tell('w1', 'getStatus', 'w1');
  await tell('raiseEvent completed', 'raiseEvent', 'w1', 'e', 1);
  await tell('raiseEvent missing', 'raiseEvent', 'nonesuch', 'e', 1);
  await tell('getStatus missing', 'getStatus', 'nonesuch');
  await tell('terminate missing', 'terminate', 'nonesuch', 'why');
  await tell('terminate completed', 'terminate', 'w1', 'why');
  await tell('suspend', 'suspend', 'w2', 's');
  await tell('w2 suspended', 'getStatus', 'w2');
  await tell('resume', 'resume', 'w2', 'r');
  await tell('w2 resumed', 'getStatus', 'w2');
  await tell('terminate', 'terminate', 'w2', 'why');
  await tell('w2 term', 'getStatus', 'w2');
  await tell('purge running', 'purgeInstanceHistory', 'w3');
  const [code, listed] = await client('getStatusAll');
  found.set('getStatusAll n', [code, z.array(z.unknown()).parse(resultSchema.parse(listed).r).length]);
  await tell('purge w2', 'purgeInstanceHistory', 'w2');
  await tell('purge missing', 'purgeInstanceHistory', 'nonesuch');
  await tell('event name case: E vs e', 'raiseEvent', 'w3', 'E', 1);
  await tell('w3', 'getStatus', 'w3');
  await probeHttp(host, found);
  await host.close();
  return found;
}

async function probeHttp(host: TestHost, found: Map<string, unknown>): Promise<void> {
  const webhook = '/runtime/webhooks/durabletask/instances';
  const key = `?code=${host.masterKey}`;
  const probe = async (title: string, path: string, init?: RequestInit): Promise<void> => {
    const response = await host.get(path, init);
    found.set(title, [response.status, await response.text()]);
  };
  const event = (body: string, type: string): RequestInit => ({
    method: 'POST',
    body,
    headers: { 'content-type': type },
  });
  await probe('http sec no key', '/api/sec');
  await probe('http thrower', '/api/thrower');
  await probe('http 404', '/api/nothing/here');
  await probe('http wrong method', '/api/plain', { method: 'POST' });
  const plain = await host.get('/api/plain');
  const shown = ['Content-Type', 'x-a'].map((name) => [name, plain.headers.get(name)]);
  found.set('http plain', [plain.status, await plain.text(), Object.fromEntries(shown)]);
  await probe('noauthset', '/api/noauthset?a=1&a=2&B=3', {
    method: 'POST',
    body: 'raw body',
    headers: { 'x-my': 'v', 'content-type': 'text/plain' },
  });
  await probe('status missing http', `${webhook}/nonesuch${key}`);
  await probe('status w3 http', `${webhook}/w3${key}`);
  await probe('status w3 http nokey', `${webhook}/w3`);
  await probe(
    'raiseEvent http bad json',
    `${webhook}/w3/raiseEvent/e${key}`,
    event('{bad', 'application/json'),
  );
  await probe('raiseEvent http no ctype', `${webhook}/w3/raiseEvent/e${key}`, event('1', 'text/plain'));
  await probe(
    'raiseEvent http missing',
    `${webhook}/nonesuch/raiseEvent/e${key}`,
    event('1', 'application/json'),
  );
}
