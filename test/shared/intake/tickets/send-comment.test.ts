import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { loadConnectors } from '../../../../shared/intake/tickets/load-connectors.ts';
import { callPinned, type PinnedCall } from '../../../../shared/intake/tickets/pinned-call.ts';
import { isAllowedAddress } from '../../../../shared/intake/tickets/reply-address.ts';
import { isPublicAddress } from '../../../../shared/public-address.ts';
import { sendComment, type CommentFacts } from '../../../../shared/intake/tickets/send-comment.ts';
import { selfSigned, type Identity } from '../../probe/certificates.ts';

const connectors = loadConnectors(join(import.meta.dirname, '../../../../shared/intake/connectors'));
const ADDRESS = 'https://api.github.com/repos/contoso/fleet-ops/issues/42/comments';
const FACTS: CommentFacts = {
  vm: 'web-1',
  id: 'vm-1',
  address: 'https://medic.example/api/remediations/vm-1',
  summary: 'RDP answers again.',
};

interface Circumstances {
  readonly connector?: string;
  readonly to?: string;
  readonly facts?: CommentFacts;
  readonly status?: number;
  readonly addresses?: readonly string[];
  readonly settings?: Record<string, string>;
}

/** Sends the comment "done"; gives back the result and what went out. */
async function send({
  connector = 'github',
  to = ADDRESS,
  facts = FACTS,
  status = 201,
  addresses = ['140.82.121.6'],
  settings = { RDP_MEDIC_GITHUB_TOKEN: 'hunter2' },
}: Circumstances = {}) {
  const file = connectors.get(connector);
  if (!file) throw new Error(`no connector ${connector}`);
  const calls: PinnedCall[] = [];
  const result = await sendComment(file, to, 'done', facts, {
    settings,
    resolve: () => Promise.resolve(addresses),
    call: (call) => {
      calls.push(call);
      return Promise.resolve({ status });
    },
  });
  return { result, calls };
}

describe('A comment', () => {
  it('goes nowhere where its host has no address to check', async () => {
    const { result, calls } = await send({ addresses: [] });
    expect(result.ok).toBe(false);
    expect(calls).toEqual([]);
  });

  it('goes to the very address that was checked, with the credential of the settings', async () => {
    const { result, calls } = await send();
    expect(result).toEqual({ ok: true, value: undefined });
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      address: '140.82.121.6',
      method: 'POST',
      headers: { authorization: 'Bearer hunter2', 'content-type': 'application/json' },
    });
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({
      body: `RDP Medic has finished with web-1. RDP answers again. Report: ${FACTS.address}`,
    });
  });

  it('takes the shape that each ticket system wants', async () => {
    const { calls } = await send({
      connector: 'zendesk',
      to: 'https://contoso.zendesk.com/api/v2/tickets/5158.json',
      settings: { RDP_MEDIC_ZENDESK_BASIC: 'eA==' },
    });
    expect(calls[0]?.method).toBe('PUT');
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ ticket: { comment: { public: false } } });
  });

  it('is text: what came from outside can neither mark up nor mention nor break out', async () => {
    const summary = '<img src=x onerror=alert(1)> @everyone "}\u202e\u0000 `rm`';
    const { calls } = await send({ facts: { ...FACTS, summary } });
    const sent: unknown = JSON.parse(calls[0]?.body ?? '');
    expect(sent).toEqual({ body: expect.stringContaining('(at)everyone "}') });
    expect(sent).toEqual({ body: expect.not.stringMatching(/[<>@`\p{Cc}\p{Cf}]/u) });
  });

  it('cannot name facts that do not exist', async () => {
    const { calls } = await send({ facts: { ...FACTS, summary: '{{constructor}} {{vm}}' } });
    expect(calls[0]?.body).toContain('{{constructor}} {{vm}}');
  });

  it.each<[string, Circumstances]>([
    ['to a host that is not listed', { to: 'https://attacker.example/x' }],
    ['to a host that only ends alike', { to: 'https://api.github.com.attacker.example/x' }],
    ['without TLS', { to: 'http://api.github.com/x' }],
    ['to another port', { to: 'https://api.github.com:8443/x' }],
    ['with a user name in the address', { to: 'https://api.github.com@attacker.example/x' }],
    ['to a name that means the machine itself', { addresses: ['127.0.0.1'] }],
    ['to a private network', { addresses: ['10.0.0.4'] }],
    ['to the metadata service', { addresses: ['169.254.169.254'] }],
    ['to a name that means a public and a private address', { addresses: ['140.82.121.6', '192.168.1.1'] }],
    ['without its credential', { settings: {} }],
    ['by a connector that has no comments', { connector: 'generic' }],
  ])('%s is refused before anything is sent', async (_what, circumstances) => {
    const { result, calls } = await send(circumstances);
    expect(result).toMatchObject({ ok: false, problem: { code: 'CommentRefused' } });
    expect(calls).toEqual([]);
  });

  it.each([
    [301, 'CommentRefused'],
    [302, 'CommentRefused'],
    [401, 'CommentRefused'],
    [404, 'CommentRefused'],
    [408, 'CommentNotDelivered'],
    [429, 'CommentNotDelivered'],
    [500, 'CommentNotDelivered'],
    [503, 'CommentNotDelivered'],
  ])('that is answered %i ends as %s', async (status, code) => {
    expect((await send({ status })).result).toMatchObject({ ok: false, problem: { code } });
  });

  it('that cannot be delivered does not tell the credential', async () => {
    const file = connectors.get('github');
    if (!file) throw new Error('no connector github');
    const result = await sendComment(file, ADDRESS, 'done', FACTS, {
      settings: { RDP_MEDIC_GITHUB_TOKEN: 'hunter2' },
      resolve: () => Promise.resolve(['140.82.121.6']),
      call: ({ headers }) => Promise.reject(new Error(`socket hang up ${JSON.stringify(headers)}`)),
    });
    expect(result).toMatchObject({ ok: false, problem: { code: 'CommentNotDelivered' } });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

describe('An address of the list', () => {
  it.each([
    ['https://contoso.service-now.com/api', true],
    ['https://a.b.service-now.com/api', true],
    ['https://CONTOSO.Service-Now.com/api', true],
    ['https://service-now.com/api', false],
    ['https://evilservice-now.com/api', false],
    ['https://contoso.service-now.com./api', false],
    ['not an address', false],
    ['https://someone@contoso.service-now.com/api', false],
    ['https://:secret@contoso.service-now.com/api', false],
  ])('%s: %s', (address, allowed) => {
    expect(isAllowedAddress(address, ['*.service-now.com'])).toBe(allowed);
  });
});

describe('A public address', () => {
  it.each(['140.82.121.6', '20.50.2.1', '2603:1020:206::1'])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a00:1',
    'localhost',
    '',
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('A pinned call', () => {
  let server: Server;
  let identity: Identity;
  const seen: { path: string | undefined; host: string | undefined; body: string }[] = [];

  beforeAll(async () => {
    identity = await selfSigned('CN=tickets.example', '2020-01-01', '2040-01-01');
    server = createServer(identity, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push({ path: request.url, host: request.headers.host, body: Buffer.concat(chunks).toString() });
        response.writeHead(request.url === '/moved' ? 302 : 201, { location: 'https://127.0.0.1/elsewhere' });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const call = (path: string, host = 'tickets.example') => {
    const bound = server.address();
    const port = typeof bound === 'object' && bound ? bound.port : 0;
    return callPinned(
      {
        url: new URL(path, `https://${host}`),
        address: '127.0.0.1',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"body":"é"}',
      },
      { ca: identity.cert, port },
    );
  };

  it('reaches that address under the name of the host, whose certificate is checked', async () => {
    expect(await call('/comments')).toEqual({ status: 201 });
    expect(seen.at(-1)).toMatchObject({ path: '/comments', body: '{"body":"é"}' });
    expect(seen.at(-1)?.host).toMatch(/^tickets\.example/);
  });

  it('fails where the certificate is another host’s', async () => {
    await expect(call('/comments', 'other.example')).rejects.toThrow(/altnames|Host/);
  });

  it('does not follow a redirect', async () => {
    expect(await call('/moved')).toEqual({ status: 302 });
    expect(seen.at(-1)?.path).toBe('/moved');
  });
});
