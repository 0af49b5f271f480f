import type { Socket } from 'node:net';
import {
  confirmLength,
  decodeConnectionConfirm,
  encodeConnectionRequest,
  type ConnectionConfirm,
  type RdpProtocol,
} from './packets.ts';

/** What the probe asks for: TLS, or TLS followed by CredSSP (NLA). */
export const ASKED: readonly RdpProtocol[] = ['ssl', 'hybrid'];

/**
 * Sends a Connection Request and reads what comes back. Rejects with `PacketError` where that is no
 * Connection Confirm, and with the socket's error; resolves to `undefined` where the server closes the
 * connection before it has said enough.
 */
export async function negotiate(socket: Socket): Promise<ConnectionConfirm | undefined> {
  socket.write(encodeConnectionRequest(ASKED));
  let seen = Buffer.alloc(0);
  const chunks: AsyncIterable<Buffer> = socket.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    seen = Buffer.concat([seen, chunk]);
    const length = confirmLength(seen);
    // A server waits for the client after its confirm, so longer is as wrong as garbled: decode it whole.
    if (length !== undefined && seen.length >= length) return decodeConnectionConfirm(seen);
  }
  return undefined;
}
