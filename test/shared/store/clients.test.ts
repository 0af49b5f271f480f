import { createServer } from 'node:http';
import { storageClients } from '../../../shared/store/clients.ts';

/** Nobody asks it for a token here. */
const nobody = { getToken: () => Promise.resolve(null) };

describe('A storage account that answers', () => {
  const calls: number[] = [];
  let port = 0;
  let answers = true;
  const server = createServer((_, outgoing) => {
    calls.push(Date.now());
    if (answers) outgoing.writeHead(503, { 'x-ms-error-code': 'ServerBusy' }).end();
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    port = typeof bound === 'object' && bound ? bound.port : 0;
  });
  beforeEach(() => void calls.splice(0));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const clients = (timeoutMs?: number) =>
    storageClients(
      {
        connectionString: [
          'DefaultEndpointsProtocol=http',
          'AccountName=account',
          `AccountKey=${Buffer.alloc(32).toString('base64')}`,
          `BlobEndpoint=http://127.0.0.1:${String(port)}/account`,
          `QueueEndpoint=http://127.0.0.1:${String(port)}/account`,
        ].join(';'),
      },
      nobody,
      timeoutMs,
    );

  it.each([
    ['blobs', () => clients().blobs.getProperties()],
    ['queues', () => clients().queues.getProperties()],
  ])('that it is busy is asked three times within two seconds, and not waited for: %s', async (_, ask) => {
    await expect(ask()).rejects.toMatchObject({ statusCode: 503 });
    expect(calls).toHaveLength(3);
    expect((calls.at(-1) ?? 0) - (calls[0] ?? 0)).toBeLessThan(2000);
  });

  it.each([
    ['blobs', () => clients(200).blobs.getProperties()],
    ['queues', () => clients(200).queues.getProperties()],
  ])('nobody is given up in time: %s', async (_, ask) => {
    answers = false;
    await expect(ask()).rejects.toMatchObject({ name: 'AbortError' });
    answers = true;
  });
});
