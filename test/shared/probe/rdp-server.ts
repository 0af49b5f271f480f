import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket, type TLSSocketOptions } from 'node:tls';

export interface RdpServer {
  readonly port: number;
  /** What the clients sent before TLS, in the order in which it came. */
  readonly received: Buffer[];
  close(): Promise<void>;
}

export const LOOPBACK = '127.0.0.1';

/** A server that does to every connection what it is told, as soon as the client has said something. */
export async function serve(answer: (socket: Socket) => void): Promise<RdpServer> {
  const sockets = new Set<Socket>();
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (chunk) => {
      received.push(chunk);
      answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    received,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** RDP_NEG_RSP and RDP_NEG_FAILURE in a Connection Confirm, byte for byte as [MS-RDPBCGR] 4.1.2 dumps it. */
export const confirm = {
  plain: (): Buffer => Buffer.from('0300000b06d00000123400', 'hex'),
  response: (protocol: number): Buffer => withNegotiation(2, protocol),
  failure: (code: number): Buffer => withNegotiation(3, code),
};

function withNegotiation(type: number, value: number): Buffer {
  const data = Buffer.from([type, 0, 8, 0, 0, 0, 0, 0]);
  data.writeUInt32LE(value, 4);
  return Buffer.concat([Buffer.from('030000130ed00000123400', 'hex'), data]);
}

/** Confirms a protocol, then speaks TLS over the same connection, and no more unless told. */
export function speakTls(
  protocol: number,
  options: TLSSocketOptions,
  next: (secure: TLSSocket) => void = (secure) => secure.resume(),
): (socket: Socket) => void {
  return (socket) => {
    socket.write(confirm.response(protocol), () => {
      const secure = new TLSSocket(socket, { isServer: true, ...options });
      secure.on('error', () => undefined);
      next(secure);
    });
  };
}

/** As `speakTls`, with NLA, whose first message is answered by these bytes or as told. */
export function speakNla(
  options: TLSSocketOptions,
  answer: Uint8Array | ((secure: TLSSocket, heard: Buffer) => void),
): (socket: Socket) => void {
  return speakTls(2, options, (secure) =>
    secure.once('data', (heard: Buffer) => {
      if (answer instanceof Uint8Array) secure.write(answer);
      else answer(secure, heard);
    }),
  );
}
