import type { IncomingMessage } from 'node:http';
import type { DurableClient } from '../durable/client.ts';
import { messageOf } from '../errors.ts';
import { bodyOf, type Reply } from '../http/exchange.ts';
import { isFinished } from '../store/instances.ts';
import type { ManagementAddresses } from './addresses.ts';
import { listInstances, purgeInstances } from './queries.ts';
import { historyView, statusOf } from './status.ts';

export interface ManagementRequest {
  request: IncomingMessage;
  url: URL;
  /** What comes after the base address, still encoded. */
  path: string;
}

export type ManagementApi = (call: ManagementRequest) => Promise<Reply>;

/**
 * The HTTP interface of the durable extension (its `HttpApiHandler`), which `durable-functions` calls as well.
 * What this host does not do is answered with 501 and a sentence.
 */
export function createManagementApi(client: DurableClient, addresses: ManagementAddresses): ManagementApi {
  return async (call) => {
    // Decoded before it is split, as the extension does: an id with a slash in it does not exist.
    const parts = decode(call.path)
      .replace(/^\/+|\/+$/g, '')
      .split('/');
    const [area, first = '', second, third, ...more] = parts;
    const method = call.request.method ?? 'GET';
    if (area === 'entities') return notServed('The embedded host has no entities');
    if (more.length > 0) return NOT_FOUND;
    if (area === 'orchestrators' && method === 'POST' && first !== '' && third === undefined)
      return start(client, addresses, call, first, second);
    if (area !== 'instances') return NOT_FOUND;
    if (first === '') {
      if (method === 'GET') return listInstances(client, call);
      return method === 'DELETE' ? purgeInstances(client, call) : NOT_FOUND;
    }
    if (second === undefined) {
      if (method === 'GET') return status(client, call, first);
      return method === 'DELETE' ? purge(client, first) : NOT_FOUND;
    }
    if (method !== 'POST') return NOT_FOUND;
    if (third === undefined) return control(client, addresses, call, first, second.toLowerCase());
    return second.toLowerCase() === 'raiseevent' ? raiseEvent(client, call, first, third) : NOT_FOUND;
  };
}

const NOT_FOUND: Reply = { status: 404 };
const refused = (status: number, Message: string): Reply => ({ status, json: { Message } });
const notServed = (what: string): Reply => refused(501, `${what} (see local/host/README.md).`);

/** `WebUtility.UrlDecode`: a plus is a blank, and what cannot be decoded stays as it is. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    return path;
  }
}

async function start(
  client: DurableClient,
  addresses: ManagementAddresses,
  { request, url }: ManagementRequest,
  name: string,
  id: string | undefined,
): Promise<Reply> {
  const text = (await bodyOf(request)).toString('utf8').trim();
  // Started without any input an orchestration sees an empty text.
  const input = jsonText(text === '' ? '""' : text);
  if (input instanceof Error) return { status: 400, json: invalidJson(input) };
  const result = client.start(name, id === '' ? undefined : id, input, url.searchParams.get('version'));
  if (!result.started) {
    return refused(409, `An Orchestration instance with the status ${result.status} already exists.`);
  }
  return started(addresses, url, result.id);
}

function started(addresses: ManagementAddresses, url: URL, id: string): Reply {
  const links = addresses.statusLinks(url.origin, id);
  const headers = { location: links['statusQueryGetUri'] ?? '', 'retry-after': '10' };
  return { status: 202, json: links, headers };
}

function status(client: DurableClient, { url }: ManagementRequest, id: string): Reply {
  const instance = client.find(id);
  if (!instance) return NOT_FOUND;
  const flag = (name: string): boolean => url.searchParams.get(name)?.toLowerCase() === 'true';
  const body = {
    ...statusOf(instance, url.searchParams.get('showInput')?.toLowerCase() !== 'false'),
    ...(flag('showHistory') && {
      historyEvents: historyView(client.historyOf(id), flag('showHistoryOutput')),
    }),
  };
  if (!isFinished(instance.status))
    return { status: 202, json: body, headers: { location: url.href, 'retry-after': '5' } };
  const asError = instance.status === 'Failed' && flag('returnInternalServerErrorOnFailure');
  return { status: asError ? 500 : 200, json: body };
}

function purge(client: DurableClient, id: string): Reply {
  const before = client.purge(id);
  if (!before) return NOT_FOUND;
  if (isFinished(before.status)) return { status: 200, json: { instancesDeleted: 1 } };
  const message =
    `Only orchestrations in a terminal state can be purged, but the orchestration with instance ID ` +
    `${id} has status ${before.status}`;
  return { status: 412, json: message };
}

async function raiseEvent(
  client: DurableClient,
  { request }: ManagementRequest,
  id: string,
  name: string,
): Promise<Reply> {
  const text = (await bodyOf(request)).toString('utf8').trim();
  const existing = client.find(id);
  if (!existing) return NOT_FOUND;
  if (isFinished(existing.status)) return { status: 410 };
  const [mediaType = ''] = (request.headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json')
    return refused(400, 'Only application/json request content is supported');
  const input = jsonText(text === '' ? 'null' : text);
  if (input instanceof Error) return { status: 400, json: invalidJson(input) };
  return told(client.tell(id, { kind: 'event', name, input }));
}

function control(
  client: DurableClient,
  addresses: ManagementAddresses,
  { url }: ManagementRequest,
  id: string,
  operation: string,
): Reply {
  const reason = url.searchParams.get('reason');
  if (operation === 'terminate' || operation === 'suspend' || operation === 'resume')
    return told(client.tell(id, { kind: operation, reason }));
  if (operation === 'rewind') return notServed('The embedded host does not rewind instances');
  if (operation !== 'restart') return NOT_FOUND;
  const before = client.find(id);
  if (!before) return refused(400, 'InstanceId does not match a valid orchestration instance.');
  const sameId = url.searchParams.get('restartWithNewInstanceId')?.toLowerCase() === 'false';
  const result = client.start(before.name, sameId ? id : undefined, before.input, before.version);
  if (result.started) return started(addresses, url, result.id);
  return refused(409, 'A non-terminal instance with this instance ID already exists.');
}

function told(before: ReturnType<DurableClient['tell']>): Reply {
  if (!before) return NOT_FOUND;
  return { status: isFinished(before.status) ? 410 : 202 };
}

/** The text as JSON writes it, or why it is no JSON. */
function jsonText(text: string): string | SyntaxError {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (error) {
    return new SyntaxError(messageOf(error));
  }
}

function invalidJson(error: Error): Record<string, string> {
  const ExceptionType = 'Newtonsoft.Json.JsonReaderException';
  return { Message: 'Invalid JSON content', ExceptionMessage: error.message, ExceptionType };
}
