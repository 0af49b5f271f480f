import { join } from 'node:path';
import { HttpRequest, InvocationContext, type Cookie, type HttpMethod } from '@azure/functions';
import type { TriggerDependencies } from '../../../functions/triggers/dependencies.ts';
import { doorOf } from '../../../functions/triggers/door.ts';
import { readPageFiles } from '../../../functions/triggers/page/files.ts';
import { takeMessage, takePoison } from '../../../functions/triggers/queue.ts';
import { takeNews } from '../../../functions/triggers/ticket-news.ts';
import { httpRoutes } from '../../../functions/triggers/routes.ts';
import { createFullSubscriptions } from '../../../functions/triggers/full-subscriptions.ts';
import type { PinnedCall } from '../../../shared/intake/tickets/pinned-call.ts';
import { withProof } from '../../../shared/intake/own-messages.ts';
import { loadConnectors } from '../../../shared/intake/tickets/load-connectors.ts';
import { parseVmId } from '../../../shared/model/vm-id.ts';
import type { Role } from '../../../shared/model/principal.ts';
import type { ChannelName } from '../../../shared/model/notify.ts';
import type { News } from '../../../shared/model/news.ts';
import { policySchema } from '../../../shared/repair/policy/schema.ts';
import type { VmSummary } from '../../../shared/intake/ports.ts';
import { memoryEngine } from './engine.ts';
import { memoryControl, memoryDirectory, memoryIntake, memoryQueue, memoryRecords } from './memory.ts';

export const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';
export const TENANT = '00000000-0000-4000-8000-00000000aaaa';
/** Object id of somebody in it. */
export const PERSON = '00000000-0000-4000-8000-00000000bbbb';
export const APPROVER_SECRET = 'the secret of approvers';
const SESSION_SECRET = 'a secret of sessions, long and random';
const PAGE = readPageFiles(join(import.meta.dirname, '../../../page'));
export const NOW = Date.parse('2026-03-01T12:00:00Z');
const CONNECTORS = loadConnectors(join(import.meta.dirname, '../../../shared/intake/connectors'));

/** The id of a VM of the fleet as ARM writes it. */
export function vmIdOf(name: string, group = 'rg-fleet', subscription = SUBSCRIPTION): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
}

/** Headers of somebody whom App Service authentication has signed in; `changes` are to the claims of a person of our tenant. */
export function signedIn(
  roles: readonly Role[],
  changes: Record<string, string | undefined> = {},
): Record<string, string> {
  const claims: Record<string, string | undefined> = {
    tid: TENANT,
    oid: PERSON,
    sub: 'pairwise',
    preferred_username: 'ada@example.com',
    ...changes,
  };
  const list = [
    ...Object.entries(claims).flatMap(([typ, val]) => (val === undefined ? [] : [{ typ, val }])),
    ...roles.map((val) => ({ typ: 'roles', val })),
  ];
  const principal = JSON.stringify({ auth_typ: 'aad', claims: list });
  return { 'x-ms-client-principal': Buffer.from(principal).toString('base64') };
}

/** An answer, its body parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly text: string;
  readonly cookies: readonly Cookie[];
}

export interface Message {
  readonly method?: HttpMethod | 'TRACE' | 'CONNECT';
  readonly body?: unknown;
  readonly raw?: string | Uint8Array;
  readonly headers?: Record<string, string>;
}

/** The triggers over stores in memory, with a clock that is moved by hand. */
export function createApp(
  options: {
    policy?: Parameters<typeof policySchema.parse>[0];
    settings?: Record<string, string>;
    auth?: 'key' | 'entra';
    policyVersion?: string;
    /** Missing: set. */
    sessionSecret?: string | undefined;
    channels?: ChannelName[];
    /** Why every door is closed. */
    closed?: string;
  } = {},
) {
  let now = NOW;
  let commentStatus = 201;
  const comments: PinnedCall[] = [];
  const logs: string[] = [];
  const news: News[] = [];
  const evidence = new Map<string, string>();
  const engine = memoryEngine();
  const vms = memoryDirectory();
  const records = memoryRecords();
  const intake = memoryIntake(() => now);
  const control = memoryControl();
  const messages = memoryQueue();
  const queue = { ...messages, ...withProof(messages, intake) };
  const deps: TriggerDependencies = {
    vms,
    records,
    intake,
    control,
    hub: 'TestHub',
    fleetWatchMinutes: 0,
    fullSubscriptions: createFullSubscriptions({ now: () => now }),
    queue,
    news: { send: (one) => Promise.resolve(void news.push(one)) },
    channels: options.channels ?? [],
    policy: policySchema.parse(options.policy ?? {}),
    policyVersion: options.policyVersion ?? 'test',
    closed: options.closed,
    auth: options.auth ?? 'key',
    tenant: TENANT,
    approverSecret: APPROVER_SECRET,
    sessionSecret: 'sessionSecret' in options ? options.sessionSecret : SESSION_SECRET,
    page: PAGE,
    evidence: { read: (url) => Promise.resolve(evidence.get(url)) },
    connectors: CONNECTORS,
    outside: {
      resolve: () => Promise.resolve(['140.82.121.6']),
      call: (comment) => {
        comments.push(comment);
        return Promise.resolve({ status: commentStatus });
      },
    },
    clock: { now: () => now, setTimer: () => ({ cancel: () => undefined }), hold: () => () => undefined },
    settings: options.settings ?? {},
    version: '1.2.3',
  };
  const routes = httpRoutes(deps).map((route) => ({
    pattern: new RegExp(
      `^/${route.path
        .replace('{nothing:maxlength(0)?}', '')
        .replaceAll('.', String.raw`\.`)
        .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`,
    ),
    handler: doorOf(deps, route),
  }));
  const context = (id = 'invocation-1'): InvocationContext =>
    new InvocationContext({
      functionName: 'test',
      invocationId: id,
      triggerMetadata: { id },
      logHandler: (_level, ...args) => logs.push(args.map(String).join(' ')),
    });

  async function call(path: string, message: Message = {}): Promise<Answer> {
    const url = new URL(path, 'https://medic.example');
    const route = routes.find(({ pattern }) => pattern.test(url.pathname));
    if (!route) throw new Error(`no route ${path}`);
    const content = message.raw ?? (message.body === undefined ? undefined : JSON.stringify(message.body));
    const request = new HttpRequest({
      method: message.method ?? (content === undefined ? 'GET' : 'POST'),
      url: url.href,
      headers: { 'content-type': 'application/json', ...message.headers },
      params: { ...route.pattern.exec(url.pathname)?.groups },
      query: Object.fromEntries(url.searchParams),
      ...(content === undefined
        ? {}
        : { body: typeof content === 'string' ? { string: content } : { bytes: content } }),
    });
    const response = await route.handler(request, engine, context());
    const text = textOf(response.body);
    const headers = new Headers(response.headers);
    const isJson = (headers.get('content-type') ?? '').includes('json');
    const body: unknown = isJson ? JSON.parse(text) : text;
    return { status: response.status ?? 200, headers, body, text, cookies: response.cookies ?? [] };
  }

  /** Adds a VM to the directory: Windows, running, unless said otherwise. */
  function addVm(name: string, overrides: Partial<VmSummary> = {}): string {
    const id = parseVmId(vmIdOf(name))?.id ?? '';
    vms.vms.set(id, {
      id,
      name,
      location: 'westeurope',
      osType: 'Windows',
      powerState: 'running',
      provisioningState: 'Succeeded',
      tags: {},
      ...overrides,
    });
    return id;
  }

  return {
    deps,
    engine,
    vms,
    records,
    /** What is kept, by its address. */
    evidence,
    intake,
    queue,
    news,
    logs,
    call,
    addVm,
    comments,
    /** From now on the ticket systems answer so. */
    answerComments: (status: number) => {
      commentStatus = status;
    },
    takeNews: (entry: unknown, id = 'news-1') => takeNews(deps)(entry, engine, context(id)),
    take: (entry: unknown, id = 'message-1') => takeMessage(deps)(entry, engine, context(id)),
    takePoison: (entry: unknown, id = 'message-1') => takePoison(deps)(entry, engine, context(id)),
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}
export type App = ReturnType<typeof createApp>;

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '';
}
