import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { HandshakeView } from '../machine/system-api.ts';
import { connectionRequest, parseConnectionConfirm, PROTOCOL, tpktLength } from './x224.ts';

const PATIENCE_MS = 3_000;

/** X.224 and TLS with a listener, from inside the guest. */
export async function selfHandshake(endpoint: {
  address: string;
  port: number;
  source: string;
}): Promise<HandshakeView> {
  const socket = connect({ host: endpoint.address, port: endpoint.port, localAddress: endpoint.source });
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
  let stage: HandshakeView['stage'] = 'connect';
  try {
    await once(socket, 'connect');
    stage = 'negotiate';
    socket.write(connectionRequest(PROTOCOL.ssl | PROTOCOL.hybrid));
    const answer = parseConnectionConfirm(await readPacket(socket));
    if (answer === undefined) return { ok: false, stage, detail: 'the answer is not X.224' };
    if (answer === 'none') return { ok: false, stage, detail: 'the listener does not negotiate' };
    if ('failure' in answer) {
      return { ok: false, stage, detail: `negotiation failed with code ${String(answer.failure)}` };
    }
    stage = 'tls';
    return await secure(socket);
  } catch (error) {
    return { ok: false, stage, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    socket.destroy();
  }
}

async function readPacket(socket: Socket): Promise<Buffer> {
  let received = Buffer.alloc(0);
  for (;;) {
    const chunk: unknown = await Promise.race([
      once(socket, 'data').then(([data]: unknown[]) => data),
      once(socket, 'close').then(() => undefined),
    ]);
    if (!Buffer.isBuffer(chunk)) throw new Error('closed without an answer');
    received = Buffer.concat([received, chunk]);
    const length = tpktLength(received);
    if (length === 0 || (length !== undefined && received.length >= length)) return received;
  }
}

async function secure(socket: Socket): Promise<HandshakeView> {
  const secured = connectTls({
    socket,
    // Looking, not trusting: the certificate is self-signed by design.
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  try {
    await Promise.race([
      once(secured, 'secureConnect'),
      once(secured, 'close').then(() => Promise.reject(new Error('cut off in the handshake'))),
    ]);
    const fingerprint = secured.getPeerCertificate().fingerprint;
    return {
      ok: true,
      stage: 'done',
      detail: 'handshake complete',
      tlsVersion: secured.getProtocol() ?? 'unknown',
      thumbprint: fingerprint.replaceAll(':', ''),
    };
  } finally {
    secured.destroy();
  }
}
