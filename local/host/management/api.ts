import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DurableClient } from '../durable/client.ts';
import { messageOf } from '../errors.ts';
import { bodyOf, sendEmpty, sendJson } from '../http/exchange.ts';
import { isFinished } from '../store/instances.ts';
import type { ManagementAddresses } from './addresses.ts';
import { listInstances, purgeInstances } from './queries.ts';
import { historyView, statusOf } from './status.ts';

export interface ManagementRequest {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** What comes after the base address, still encoded. */
  path: string;
}

export type ManagementApi = (call: ManagementRequest) => Promise<void>;

/**
 * The HTTP interface of the durable extension (its `HttpApiHandler`), which `durable-functions` calls as well.
 * What this host does not do is answered with 501 and a sentence.
 */
export function createManagementApi(client: DurableClient, addresses: ManagementAddresses): ManagementApi {
  return async (call) => {
    const { request, response, path } = call;
    // Decoded before it is split, as the extension does: an id with a slash in it does not exist.
    const parts = decode(path)
      .replace(/^\/+|\/+$/g, '')
      .split('/');
    const [area, first = '', second, third, ...more] = parts;
    const method = request.method ?? 'GET';
    if (more.length > 0) sendEmpty(response, 404);
    else if (area === 'orchestrators' && method === 'POST' && first !== '' && third === undefined)
      await start(client, addresses, call, first, second);
    else if (area === 'entities')
      sendJson(response, 501, { Message: 'The embedded host has no entities (see local/host/README.md).' });
    else if (area !== 'instances') sendEmpty(response, 404);
    else if (first === '' && method === 'GET') listInstances(client, call);
    else if (first === '' && method === 'DELETE') purgeInstances(client, call);
    else if (first === '') sendEmpty(response, 404);
    else if (second === undefined && method === 'GET') status(client, call, first);
    else if (second === undefined && method === 'DELETE') purge(client, call, first);
    else if (second?.toLowerCase() === 'raiseevent' && third !== undefined && method === 'POST')
      await raiseEvent(client, call, first, third);
    else if (second !== undefined && third === undefined && method === 'POST')
      control(client, addresses, call, first, second.toLowerCase());
    else sendEmpty(response, 404);
  };
}

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
  { request, response, url }: ManagementRequest,
  name: string,
  id: string | undefined,
): Promise<void> {
  const text = (await bodyOf(request)).toString('utf8').trim();
  // Started without any input an orchestration sees an empty text.
  const input = jsonText(text === '' ? '""' : text);
  if (input instanceof Error) return sendJson(response, 400, invalidJson(input));
  const result = client.start(name, id === '' ? undefined : id, input, url.searchParams.get('version'));
  if (!result.started) {
    const Message = `An Orchestration instance with the status ${result.status} already exists.`;
    return sendJson(response, 409, { Message });
  }
  sendStarted(response, addresses, url, result.id);
}

function sendStarted(response: ServerResponse, addresses: ManagementAddresses, url: URL, id: string): void {
  const links = addresses.statusLinks(url.origin, id);
  const headers = { location: links['statusQueryGetUri'] ?? '', 'retry-after': '10' };
  sendJson(response, 202, links, headers);
}

function status(client: DurableClient, { response, url }: ManagementRequest, id: string): void {
  const instance = client.find(id);
  if (!instance) return sendEmpty(response, 404);
  const flag = (name: string): boolean => url.searchParams.get(name)?.toLowerCase() === 'true';
  const body = {
    ...statusOf(instance, url.searchParams.get('showInput')?.toLowerCase() !== 'false'),
    ...(flag('showHistory') && {
      historyEvents: historyView(client.historyOf(id), flag('showHistoryOutput')),
    }),
  };
  if (!isFinished(instance.status))
    return sendJson(response, 202, body, { location: url.href, 'retry-after': '5' });
  const asError = instance.status === 'Failed' && flag('returnInternalServerErrorOnFailure');
  sendJson(response, asError ? 500 : 200, body);
}

function purge(client: DurableClient, { response }: ManagementRequest, id: string): void {
  const before = client.purge(id);
  if (!before) return sendEmpty(response, 404);
  if (isFinished(before.status)) return sendJson(response, 200, { instancesDeleted: 1 });
  const message =
    `Only orchestrations in a terminal state can be purged, but the orchestration with instance ID ` +
    `${id} has status ${before.status}`;
  sendJson(response, 412, message);
}

async function raiseEvent(
  client: DurableClient,
  { request, response }: ManagementRequest,
  id: string,
  name: string,
): Promise<void> {
  const text = (await bodyOf(request)).toString('utf8').trim();
  const existing = client.find(id);
  if (!existing) return sendEmpty(response, 404);
  if (isFinished(existing.status)) return sendEmpty(response, 410);
  const [mediaType = ''] = (request.headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json')
    return sendJson(response, 400, { Message: 'Only application/json request content is supported' });
  const input = jsonText(text === '' ? 'null' : text);
  if (input instanceof Error) return sendJson(response, 400, invalidJson(input));
  answerTold(response, client.tell(id, { kind: 'event', name, input }));
}

function control(
  client: DurableClient,
  addresses: ManagementAddresses,
  { response, url }: ManagementRequest,
  id: string,
  operation: string,
): void {
  const reason = url.searchParams.get('reason');
  if (operation === 'terminate' || operation === 'suspend' || operation === 'resume')
    return answerTold(response, client.tell(id, { kind: operation, reason }));
  if (operation === 'rewind')
    return sendJson(response, 501, 'The embedded host does not rewind instances (see local/host/README.md).');
  if (operation !== 'restart') return sendEmpty(response, 404);
  const before = client.find(id);
  if (!before)
    return sendJson(response, 400, { Message: 'InstanceId does not match a valid orchestration instance.' });
  const sameId = url.searchParams.get('restartWithNewInstanceId')?.toLowerCase() === 'false';
  const result = client.start(before.name, sameId ? id : undefined, before.input, before.version);
  if (result.started) return sendStarted(response, addresses, url, result.id);
  sendJson(response, 409, { Message: 'A non-terminal instance with this instance ID already exists.' });
}

function answerTold(response: ServerResponse, before: ReturnType<DurableClient['tell']>): void {
  if (!before) sendEmpty(response, 404);
  else sendEmpty(response, isFinished(before.status) ? 410 : 202);
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
