import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { probeRdp } from '../../../shared/probe/probe.ts';
import { HASTY, NOW, PATIENT, probe } from './ask.ts';
import { confirm, LOOPBACK, serve } from './rdp-server.ts';

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
});
