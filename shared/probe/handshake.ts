import { constants } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex, Readable } from 'node:stream';
import { connect } from 'node:tls';
import { certificateFacts, type CertificateFacts } from './certificate.ts';

/**
 * Most bytes a server may send in its handshake. A real one sends a few KiB; OpenSSL alone would go on
 * reading certain records for as long as they come.
 */
const HANDSHAKE_LIMIT = 256 * 1024;

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
}

/**
 * Runs a TLS handshake over a socket on which RDP has been negotiated ([MS-RDPBCGR] 5.4.5.1), and only
 * that: no byte of CredSSP or MCS follows. Nothing is verified, because RDP's certificate is self-signed
 * as a rule, and every version and cipher OpenSSL still knows is offered, so that an outdated server can
 * be told from a broken one. Rejects with the error of the handshake or of `signal`.
 */
export async function shakeHands(socket: Socket, signal: AbortSignal): Promise<Handshake> {
  const wire = Duplex.from({
    readable: Readable.from(metered(socket), { objectMode: false }),
    writable: socket,
  });
  const secure = connect({
    socket: wire,
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    ciphers: CIPHERS,
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
  });
  // Whatever goes wrong after the verdict is of no interest, but must not become an uncaught error.
  for (const stream of [wire, secure]) stream.on('error', () => undefined);
  try {
    await once(secure, 'secureConnect', { signal });
    const certificate = secure.getPeerX509Certificate();
    return {
      version: secure.getProtocol() ?? 'unknown',
      certificate: certificate && certificateFacts(certificate),
    };
  } finally {
    secure.destroy();
    wire.destroy();
  }
}

async function* metered(socket: Socket): AsyncGenerator<Buffer> {
  let seen = 0;
  const chunks: AsyncIterable<Buffer> = socket.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (seen > HANDSHAKE_LIMIT) {
      throw Object.assign(new Error('the handshake is longer than any real one'), { code: 'TOO_LONG' });
    }
    yield chunk;
  }
}
