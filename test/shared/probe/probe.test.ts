import { randomBytes } from 'node:crypto';
import { probeRdp } from '../../../shared/probe/probe.ts';
import { HASTY, NOW, PATIENT, probe } from './ask.ts';
import { selfSigned, type Identity } from './certificates.ts';
import { listenWithoutAccepting } from './deaf-server.ts';
import { challengeOf } from './challenge.ts';
import { confirm, LOOPBACK, serve, speakNla, speakTls, type RdpServer } from './rdp-server.ts';

let good: Identity;
const servers: RdpServer[] = [];

beforeAll(async () => {
  good = await selfSigned('CN=vm-1', '2026-02-01T00:00:00Z', '2026-08-01T00:00:00Z');
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

async function closedPort(): Promise<number> {
  const server = await serve(() => undefined);
  await server.close();
  return server.port;
}

describe('a server that is well', () => {
  it('is healthy with NLA, and its certificate is read', async () => {
    const result = await probe(speakNla(good, challengeOf({ netbios: 'VM-1' })));
    expect(result).toMatchObject({
      state: 'healthy',
      protocol: 'hybrid',
      tlsVersion: 'TLSv1.3',
      certificate: {
        subject: 'CN=vm-1',
        notBefore: '2026-02-01T00:00:00.000Z',
        notAfter: '2026-08-01T00:00:00.000Z',
      },
    });
    expect(result.certificate?.thumbprint).toMatch(/^[0-9A-F]{40}$/);
  });

  it('is healthy with TLS alone', async () => {
    expect(await probe(speakTls(1, good))).toMatchObject({ state: 'healthy', protocol: 'ssl' });
  });

  it.each(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const)('tells that it speaks %s', async (version) => {
    const only = { ...good, minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' };
    expect(await probe(speakNla(only, challengeOf({})))).toMatchObject({
      state: 'healthy',
      tlsVersion: version,
    });
  });

  it('is told apart where its TLS is too old for current clients', async () => {
    const only = {
      ...good,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    } as const;
    expect((await probe(speakTls(1, only))).detail).toBe(
      'RDP responds with TLS 1.1; current clients refuse this old version.',
    );
  });

  it('is heard to the end when its answer comes byte by byte', async () => {
    const result = await probe((socket) => {
      const bytes = [...confirm.failure(5)];
      const next = (): void => {
        const byte = bytes.shift();
        if (byte !== undefined) socket.write(Buffer.from([byte]), () => setImmediate(next));
      };
      next();
    });
    expect(result).toMatchObject({ state: 'negotiation-failed', failureCode: 'HYBRID_REQUIRED_BY_SERVER' });
  });

  it('is asked for TLS and NLA, and nothing more than that', async () => {
    const server = await serve((socket) => socket.end(confirm.failure(2)));
    servers.push(server);
    await probeRdp({ address: LOOPBACK, port: server.port }, { timeoutMs: PATIENT, now: () => NOW });
    expect(Buffer.concat(server.received).toString('hex')).toBe('030000130ee000000000000100080003000000');
  });
});

describe('a server that is ill', () => {
  it('has an expired certificate', async () => {
    const result = await probe(speakTls(1, good), { now: Date.parse('2026-08-01T00:00:01Z') });
    expect(result).toMatchObject({ state: 'certificate-expired', certificate: { subject: 'CN=vm-1' } });
  });

  it('has a certificate that does not count yet', async () => {
    const result = await probe(speakTls(1, good), { now: Date.parse('2026-01-31T23:59:59Z') });
    expect(result.state).toBe('certificate-expired');
  });

  it.each([
    ['says nothing of negotiation', confirm.plain()],
    ['chooses Standard RDP Security', confirm.response(0)],
  ])('offers no TLS: %s', async (_how, bytes) => {
    expect(await probe((socket) => socket.write(bytes))).toMatchObject({ state: 'no-tls', protocol: 'rdp' });
  });

  it.each([
    [1, 'SSL_REQUIRED_BY_SERVER'],
    [2, 'SSL_NOT_ALLOWED_BY_SERVER'],
    [3, 'SSL_CERT_NOT_ON_SERVER'],
    [4, 'INCONSISTENT_FLAGS'],
    [5, 'HYBRID_REQUIRED_BY_SERVER'],
    [6, 'SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER'],
  ])('refuses to negotiate with code %i', async (code, failureCode) => {
    const result = await probe((socket) => socket.end(confirm.failure(code)));
    expect(result).toMatchObject({ state: 'negotiation-failed', failureCode });
  });

  it('chooses a protocol that nobody asked for', async () => {
    const result = await probe((socket) => socket.write(confirm.response(8)));
    expect(result).toMatchObject({ state: 'negotiation-failed', protocol: 'hybrid-ex' });
  });

  it('hangs up instead of answering', async () => {
    const result = await probe((socket) => socket.end());
    expect(result.state).toBe('negotiation-failed');
    expect(result.failureCode).toBeUndefined();
  });

  it('resets the connection instead of answering', async () => {
    expect((await probe((socket) => socket.resetAndDestroy())).state).toBe('negotiation-failed');
  });

  it('hangs up within the TLS handshake', async () => {
    const result = await probe((socket) => {
      socket.write(confirm.response(2));
      socket.once('data', () => socket.end());
    });
    expect(result).toMatchObject({ state: 'tls-failed', protocol: 'hybrid' });
  });

  it('resets the connection within the TLS handshake', async () => {
    const result = await probe((socket) => {
      socket.write(confirm.response(2));
      socket.once('data', () => socket.resetAndDestroy());
    });
    expect(result.state).toBe('tls-failed');
  });

  it('shares no TLS version or cipher with anybody', async () => {
    const result = await probe(speakTls(2, { ciphers: 'aNULL:@SECLEVEL=0', maxVersion: 'TLSv1.2' }));
    expect(result.state).toBe('tls-failed');
  });

  it('falls silent within the TLS handshake', async () => {
    const result = await probe((socket) => socket.write(confirm.response(2)), { timeoutMs: HASTY });
    expect(result.state).toBe('tls-failed');
  });
});

describe('a port without RDP', () => {
  it('is refused where nothing listens', async () => {
    const port = await closedPort();
    const result = await probeRdp({ address: LOOPBACK, port }, { timeoutMs: PATIENT, now: () => NOW });
    expect(result).toMatchObject({ state: 'refused', address: LOOPBACK, port });
  });

  it('is filtered where not even the connection is taken', async () => {
    const deaf = await listenWithoutAccepting();
    const target = { address: LOOPBACK, port: deaf.port };
    const result = await probeRdp(target, { timeoutMs: HASTY, now: () => NOW });
    deaf.close();
    expect(result).toMatchObject({ state: 'filtered', detail: expect.stringContaining('timed out') });
  });

  it('is filtered where the connection is taken but never answered', async () => {
    expect((await probe(() => undefined, { timeoutMs: HASTY })).state).toBe('filtered');
  });

  it('is not taken for silent by a process that stood still itself', async () => {
    const standStill = (): void => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * HASTY);
    };
    setTimeout(standStill, 1);
    const result = await probe((socket) => socket.write(confirm.failure(2)), { timeoutMs: HASTY });
    expect(result.state).toBe('negotiation-failed');
  });

  it('is filtered where the name leads nowhere', async () => {
    const target = { address: 'not..a..name', port: 3389 };
    expect((await probeRdp(target, { timeoutMs: PATIENT, now: () => NOW })).state).toBe('filtered');
  });

  it.each([
    ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['an SSH server', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
    ['garbage', Buffer.concat([Buffer.from([0xff]), randomBytes(5000)])],
    ['an X.224 Disconnect Request', Buffer.from('0300000b06800000123400', 'hex')],
    ['a confirm with data after it', Buffer.concat([confirm.response(2), Buffer.from('hello')])],
  ])('is not RDP where %s answers', async (_what, bytes) => {
    expect((await probe((socket) => socket.write(bytes))).state).toBe('not-rdp');
  });

  it('is not RDP where the server hangs up within its answer', async () => {
    expect((await probe((socket) => socket.end(confirm.response(2).subarray(0, 9)))).state).toBe('not-rdp');
  });
});

describe('the caller', () => {
  const anywhere = { timeoutMs: PATIENT, now: () => NOW };

  it('can call the probe off', async () => {
    const caller = new AbortController();
    const server = await serve(() => {
      caller.abort(new Error('enough'));
    });
    servers.push(server);
    const target = { address: LOOPBACK, port: server.port };
    await expect(probeRdp(target, { ...anywhere, signal: caller.signal })).rejects.toThrow('enough');
  });

  it('gets no connection when it has called the probe off before', async () => {
    const signal = AbortSignal.abort(new Error('never mind'));
    await expect(probeRdp({ address: LOOPBACK, port: 1 }, { ...anywhere, signal })).rejects.toThrow(
      'never mind',
    );
  });

  it.each([
    { address: '', port: 3389 },
    { address: LOOPBACK, port: 0 },
    { address: LOOPBACK, port: 65536 },
    { address: LOOPBACK, port: 33.89 },
  ])('must name a target: $address:$port', async (target) => {
    await expect(probeRdp(target, anywhere)).rejects.toThrow(RangeError);
  });
});
