import { constants } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { addAbortSignal, Duplex, Readable } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { certificateFacts, type CertificateFacts } from './certificate.ts';

/**
 * Most bytes a server may send from its handshake on. A real one sends a few KiB; OpenSSL alone would go on
 * reading certain records for as long as they come.
 */
const LIMIT = 256 * 1024;

/** Without the names of its suites, Node.js leaves TLS 1.3 out; anonymous suites would hide the certificate. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ALL',
  '!aNULL',
  '@SECLEVEL=0',
].join(':');

export interface Handshake {
  /** Such as `TLSv1.3`. */
  readonly version: string;
  /** Missing where the server showed none, or one whose times cannot be read. */
  readonly certificate: CertificateFacts | undefined;
  /** For what is said next. */
  readonly channel: TLSSocket;
  /** Hangs up. */
  close(): void;
}

/**
 * Runs a TLS handshake over a socket on which RDP has been negotiated ([MS-RDPBCGR] 5.4.5.1), and only
 * that: no byte of CredSSP or MCS follows by itself. Nothing is verified, because RDP's certificate is self-signed
 * as a rule, and every version and cipher OpenSSL still knows is offered, so that an outdated server can
 * be told from a broken one. Rejects with the error of the handshake or of `signal`.
 */
export async function shakeHands(socket: Socket, signal: AbortSignal): Promise<Handshake> {
  const wire = Duplex.from({
    readable: Readable.from(metered(socket), { objectMode: false }),
    writable: socket,
  });
  const channel = connect({
    socket: wire,
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    ciphers: CIPHERS,
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
  });
  addAbortSignal(signal, channel);
  // Whatever goes wrong after the verdict is of no interest, but must not become an uncaught error.
  for (const stream of [wire, channel]) stream.on('error', () => undefined);
  const close = (): void => {
    channel.destroy();
    wire.destroy();
  };
  try {
    await once(channel, 'secureConnect', { signal });
  } catch (error) {
    close();
    throw error;
  }
  const certificate = channel.getPeerX509Certificate();
  return {
    version: channel.getProtocol() ?? 'unknown',
    certificate: certificate && certificateFacts(certificate),
    channel,
    close,
  };
}

async function* metered(socket: Socket): AsyncGenerator<Buffer> {
  let seen = 0;
  const chunks: AsyncIterable<Buffer> = socket.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (seen > LIMIT) {
      throw Object.assign(new Error('the server sends more data than a real one'), { code: 'TOO_LONG' });
    }
    yield chunk;
  }
}
