import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

export interface Seen {
  /** How far it came: `refused`, `silent` (accepted, nothing said), `hung-up`, `not-x224`, `negotiated`, `tls-cut`, `tls`. */
  end: string;
  /** Bytes of the negotiation structure as `response 2` or `failure 3`; `none` without one. */
  negotiation?: string;
  tlsVersion?: string;
  /** Certificate's end, ISO 8601. */
  notAfter?: string;
}

/** How long nothing counts as silence: a busy machine answers late. */
const PATIENCE_MS = 3_000;
/** X.224 Connection Request with RDP_NEG_REQ, byte by byte from [MS-RDPBCGR] 4.1.1, for PROTOCOL_SSL | PROTOCOL_HYBRID. */
const REQUEST = Buffer.from('0300001306e00000000000' + '0100080003000000', 'hex').fill(0x0e, 4, 5);

/** Talks to an RDP port with sockets alone: what a client would see. */
export async function look(
  address: string,
  {
    port = 3389,
    requested = 3,
    tls = {},
  }: { port?: number; requested?: number; tls?: ConnectionOptions } = {},
): Promise<Seen> {
  const socket = connectTcp({ host: address, port });
  socket.on('error', () => undefined);
  try {
    await once(socket, 'connect');
  } catch {
    return { end: 'refused' };
  }
  try {
    const request = Buffer.from(REQUEST);
    request.writeUInt32LE(requested, 15);
    socket.write(request);
    const answer = await firstBytes(socket);
    if (typeof answer === 'string') return { end: answer };
    if (answer[0] !== 3 || answer[5] !== 0xd0) return { end: 'not-x224' };
    if (answer.length < 19) return { end: 'negotiated', negotiation: 'none' };
    const kind = answer[11] === 2 ? 'response' : 'failure';
    const negotiation = `${kind} ${String(answer.readUInt32LE(15))}`;
    if (kind === 'failure' || negotiation === 'response 0') return { end: 'negotiated', negotiation };
    return { negotiation, ...(await secure(socket, tls)) };
  } finally {
    socket.destroy();
  }
}

async function firstBytes(socket: Socket): Promise<Buffer | 'silent' | 'hung-up'> {
  const patience = new Promise<'silent'>((resolve) => {
    socket.setTimeout(PATIENCE_MS, () => {
      resolve('silent');
    });
  });
  const closed = once(socket, 'close').then(() => 'hung-up' as const);
  const data = new Promise<Buffer>((resolve) => socket.once('data', resolve));
  return Promise.race([data, closed, patience]);
}

async function secure(socket: Socket, options: ConnectionOptions): Promise<Seen> {
  const secured = connectTls({
    socket,
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT@SECLEVEL=0',
    ...options,
  });
  try {
    await Promise.race([
      once(secured, 'secureConnect'),
      once(secured, 'close').then(() => Promise.reject(new Error('cut'))),
    ]);
    const { valid_to: validTo } = secured.getPeerCertificate();
    return {
      end: 'tls',
      tlsVersion: secured.getProtocol() ?? '',
      notAfter: new Date(validTo).toISOString(),
    };
  } catch {
    return { end: 'tls-cut' };
  } finally {
    secured.destroy();
  }
}

/** In a word: `healthy`, `expired`, or where it ended. */
export function verdict({ end, negotiation, notAfter }: Seen, now: number): string {
  if (end === 'tls' && notAfter !== undefined) return Date.parse(notAfter) > now ? 'healthy' : 'expired';
  return negotiation?.startsWith('failure') === true ? negotiation : end;
}
