import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { probeRdp } from '../../../shared/probe/probe.ts';
import { HASTY, NOW, PATIENT, probe } from './ask.ts';
import { selfSigned, type Identity } from './certificates.ts';
import { challengeOf } from './challenge.ts';
import { confirm, LOOPBACK, serve, speakNla } from './rdp-server.ts';

describe('a hostile server', () => {
  function flood(socket: Socket, bytes: Buffer): void {
    const more = (): void => {
      while (!socket.destroyed && socket.write(bytes));
      if (!socket.destroyed) socket.once('drain', more);
    };
    more();
  }

  it('is not waited for when it announces a huge packet', async () => {
    expect((await probe((socket) => socket.write(Buffer.from('0300ffff', 'hex')))).state).toBe('not-rdp');
  });

  it('is not read to the end when it never stops sending', async () => {
    expect((await probe((socket) => flood(socket, Buffer.alloc(65536, 3)))).state).toBe('not-rdp');
  });

  it('is cut off when it drips its answer for longer than the time given', async () => {
    const result = await probe(
      (socket) => {
        const timer = setInterval(() => socket.write(Buffer.from([3])), 2 * HASTY);
        socket.on('close', () => clearInterval(timer));
        socket.write(Buffer.from([3]));
      },
      { timeoutMs: HASTY },
    );
    expect(result.state).toBe('not-rdp');
  });

  // A HelloRequest is a TLS message that clients skip while they shake hands: OpenSSL would skip for ever.
  it('is cut off when its TLS handshake never stops', async () => {
    const helloRequests = Buffer.from('160303000400000000'.repeat(5000), 'hex');
    const result = await probe((socket) => {
      socket.write(confirm.response(2));
      socket.once('data', () => flood(socket, helloRequests));
    });
    expect(result).toMatchObject({ state: 'tls-failed' });
    expect(result.detail).toContain('TOO_LONG');
  });

  it('always gets a verdict, whatever bytes it sends before it hangs up', async () => {
    let bytes: Uint8Array = new Uint8Array();
    const server = await serve((socket) => socket.end(bytes));
    const target = { address: LOOPBACK, port: server.port };
    const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
    const afterConfirm = anyBytes.map((tail) => Buffer.concat([confirm.response(2), tail]));
    const failure = fc.nat().map(confirm.failure);
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyBytes, afterConfirm, failure), async (sent) => {
        bytes = sent;
        const { state } = await probeRdp(target, { timeoutMs: PATIENT, now: () => NOW });
        expect(['not-rdp', 'negotiation-failed']).toContain(state);
      }),
      { numRuns: 100 },
    );
    await server.close();
  });

  it('gets no further than the handshake when it sends garbage instead of TLS', async () => {
    const result = await probe((socket) => {
      socket.write(confirm.response(2));
      socket.once('data', () => socket.write(randomBytes(100_000)));
    });
    expect(result.state).toBe('tls-failed');
  });

  describe('behind a good TLS handshake', () => {
    let identity: Identity;
    beforeAll(async () => {
      identity = await selfSigned('CN=vm-1', '2026-02-01T00:00:00Z', '2026-08-01T00:00:00Z');
    });

    it.each([
      ['a huge answer to NLA', '3082ffff', '65539 bytes'],
      ['one of gigabytes', '3084ffffffff', 'a length of form 0x84'],
      ['one without an end', '3080', 'a length of form 0x80'],
    ])('is not waited for when it announces %s', async (_what, hex, why) => {
      const result = await probe(speakNla(identity, Buffer.from(hex, 'hex')));
      expect(result.state).toBe('nla-failed');
      expect(result.detail).toContain(why);
    });

    it.each([
      ['zeros', Buffer.alloc(65536)],
      ['challenges', challengeOf({})],
      ['sequences in sequences', Buffer.alloc(65536, 0x30)],
    ])('is not read to the end when it never stops sending %s', async (_what, bytes) => {
      const result = await probe(speakNla(identity, (secure) => flood(secure, bytes)));
      // A first challenge that comes alone is one: what follows is not looked at.
      expect(['nla-failed', 'healthy']).toContain(result.state);
    });

    it('is cut off when it drips its answer to NLA for longer than the time given', async () => {
      const result = await probe(
        speakNla(identity, (secure) => {
          const timer = setInterval(() => secure.write(Uint8Array.of(0)), HASTY / 3);
          secure.on('close', () => clearInterval(timer));
          secure.write(Buffer.from('308203e8', 'hex'));
        }),
        { timeoutMs: 2 * HASTY },
      );
      expect(result).toMatchObject({ state: 'nla-failed' });
      expect(result.detail).toContain('in time');
    });

    it('always gets a verdict, whatever it answers to NLA before it hangs up', async () => {
      let bytes: Uint8Array = new Uint8Array();
      const server = await serve(speakNla(identity, (secure) => secure.end(bytes)));
      const target = { address: LOOPBACK, port: server.port };
      const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
      const whole = challengeOf({});
      const spoilt = fc
        .tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }))
        .map(([at, value]) => Uint8Array.from(whole).with(at, value));
      await fc.assert(
        fc.asyncProperty(fc.oneof(anyBytes, spoilt), async (sent) => {
          bytes = sent;
          const { state } = await probeRdp(target, { timeoutMs: PATIENT, now: () => NOW });
          expect(['nla-failed', 'healthy']).toContain(state);
        }),
        { numRuns: 60 },
      );
      await server.close();
    });
  });
});
