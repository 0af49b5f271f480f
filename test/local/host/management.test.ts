import * as z from 'zod';
import binding from '../../fixtures/durable/durableClient_binding_payload.json' with { type: 'json' };
import recordedStatus from '../../fixtures/durable/status_with_history.json' with { type: 'json' };
import { createAddresses } from '../../../local/host/management/addresses.ts';
import { startTestHost, type TestHost } from './support/test-host.ts';

const WEBHOOK = '/runtime/webhooks/durabletask';
const statuses = z.array(z.object({ instanceId: z.string(), runtimeStatus: z.string(), input: z.unknown() }));

describe('the addresses of the durable extension', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await startTestHost('orchestrations.ts');
    // Nothing moves but by the test.
    host.clock.hold();
    for (const id of ['a1', 'a2', 'a3', 'b1'])
      await host.client('startNew', 'waits', { instanceId: id, input: id });
    await host.idle();
    for (const id of ['a1', 'b1']) await host.client('raiseEvent', id, 'go', 'done');
    await host.idle();
  });
  afterAll(() => host.close());

  const call = (
    path: string,
    init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ): Promise<Response> =>
    host.get(`${WEBHOOK}/${path}`, {
      ...init,
      headers: { 'x-functions-key': host.systemKey, ...init.headers },
    });
  const list = async (query: string): Promise<string[]> => {
    const found = statuses.parse(await (await call(`instances?${query}`)).json());
    return found.map(({ instanceId }) => instanceId);
  };

  test('the binding is the recorded one, but for addresses and key', () => {
    const { payload } = binding;
    const { clientBinding } = createAddresses(
      'http://localhost:7071',
      payload.rpcBaseUrl,
      'TestHubName',
      'KEY',
    );
    expect(JSON.parse(clientBinding())).toEqual(payload);
  });

  test.each([
    ['', ['a1', 'a2', 'a3', 'b1']],
    ['instanceIdPrefix=a', ['a1', 'a2', 'a3']],
    ['runtimeStatus=Completed', ['a1', 'b1']],
    ['runtimeStatus=Running,Failed&instanceIdPrefix=a', ['a2', 'a3']],
    ['createdTimeFrom=2030-01-01T00:00:00Z', []],
    ['createdTimeTo=2020-01-01T00:00:00Z', []],
  ])('the list with "%s"', async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  test('a list is read page by page', async () => {
    const ids: string[] = [];
    let token = '';
    do {
      const response = await call('instances?top=3', { headers: { 'x-ms-continuation-token': token } });
      ids.push(...statuses.parse(await response.json()).map(({ instanceId }) => instanceId));
      token = response.headers.get('x-ms-continuation-token') ?? '';
    } while (token !== '');
    expect(ids).toEqual(['a1', 'a2', 'a3', 'b1']);
  });

  test('the input can be left out', async () => {
    const { input } = statuses.element.parse(await (await call('instances/a1?showInput=false')).json());
    expect(input).toBeNull();
  });

  test('a running instance is 202 with the address to ask again', async () => {
    const response = await call('instances/a2');
    expect(response.status).toBe(202);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(response.headers.get('location')).toContain(`${WEBHOOK}/instances/a2`);
  });

  test('a start answers with all addresses of the instance', async () => {
    const response = await call('orchestrators/chain/c1', { method: 'POST', body: '' });
    expect(response.status).toBe(202);
    const links = z.record(z.string(), z.string()).parse(await response.json());
    expect(Object.keys(links)).toEqual(Object.keys(binding.payload.managementUrls));
    expect(links['id']).toBe('c1');
    expect(response.headers.get('location')).toBe(links['statusQueryGetUri']);
    const { pathname, search } = new URL(links['terminatePostUri'] ?? '');
    expect(decodeURIComponent(`${pathname}${search}`)).toBe(
      `${WEBHOOK}/instances/c1/terminate?reason={text}&taskHub=TestHubName&connection=Storage&code=${host.systemKey}`,
    );
    await host.finished('c1');
  });

  test('the history is told in the words of the real host', async () => {
    const historySchema = z.object({ historyEvents: z.array(z.looseObject({ EventType: z.string() })) });
    await host.client('startNew', 'retry', { instanceId: 'r1' });
    await host.client('startNew', 'eventWins', { instanceId: 'e1' });
    await host.idle();
    await host.client('raiseEvent', 'e1', 'go', 1);
    await host.idle();
    const fieldsByType = (events: Record<string, unknown>[]): Map<unknown, string[]> =>
      new Map(events.map((event) => [event['EventType'], Object.keys(event).sort()]));
    const recorded = fieldsByType(recordedStatus.historyEvents);
    let compared = 0;
    for (const id of ['c1', 'r1', 'e1']) {
      const response = await call(`instances/${id}?showHistory=true&showHistoryOutput=true`);
      const { historyEvents } = historySchema.parse(await response.json());
      for (const [type, fields] of fieldsByType(historyEvents)) {
        expect([type, fields]).toEqual([type, recorded.get(type)]);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThanOrEqual(8);
  });

  test('a finished instance can be restarted under a new id', async () => {
    const response = await call('instances/c1/restart', { method: 'POST' });
    expect(response.status).toBe(202);
    const { id } = z.object({ id: z.string() }).parse(await response.json());
    expect(id).not.toBe('c1');
    expect((await host.finished(id)).output).toBe('{"n":1,"m":2}');
  });

  test.each([
    ['instances/a1/rewind?reason=x', 'POST'],
    ['entities/counter/one', 'GET'],
  ])('%s is honestly not implemented', async (path, method) => {
    expect((await call(path, { method })).status).toBe(501);
  });

  test.each([
    ['instances/a1/unknown', 'POST'],
    ['instances/a1/raiseEvent/go', 'GET'],
    ['orchestrators/chain', 'GET'],
    ['nothing', 'GET'],
  ])('%s by %s is not found', async (path, method) => {
    expect((await call(path, { method })).status).toBe(404);
  });

  test('finished instances are purged by a filter, running ones never', async () => {
    expect((await call('instances', { method: 'DELETE' })).status).toBe(400);
    const response = await call('instances?createdTimeFrom=2020-01-01T00:00:00Z', { method: 'DELETE' });
    expect(response.status).toBe(200);
    expect(await list('instanceIdPrefix=a')).toEqual(['a2', 'a3']);
    const again = await call('instances?createdTimeFrom=2020-01-01T00:00:00Z&runtimeStatus=Completed', {
      method: 'DELETE',
    });
    expect(again.status).toBe(404);
  });
});
