import { createServer, type Server, type Socket } from 'node:net';

/** Serves one connection to a port. */
export type Serve = (socket: Socket) => void;

/** The TCP ports of a guest that are really open, on its own loopback address. */
export interface Wire {
  /** Opens and closes ports until exactly these are open. */
  want(ports: ReadonlyMap<number, Serve>): void;
  /** Resolves once what was wanted is so. Rejects when the lab's own machine refuses a port. */
  settled(): Promise<void>;
  /** Closes every port and cuts every connection. */
  close(): Promise<void>;
}

interface OpenPort {
  server: Server;
  sockets: Set<Socket>;
  serve: Serve;
}

export function createWire(address: string): Wire {
  const open = new Map<number, OpenPort>();
  let wanted: ReadonlyMap<number, Serve> = new Map();
  let work: Promise<void> = Promise.resolve();

  const converge = async (): Promise<void> => {
    for (const [port, state] of open) {
      if (wanted.has(port)) continue;
      open.delete(port);
      await closePort(state);
    }
    for (const [port, serve] of wanted) {
      const state = open.get(port);
      if (state) state.serve = serve;
      else open.set(port, await openPort(address, port, serve));
    }
  };
  const want = (ports: ReadonlyMap<number, Serve>): void => {
    wanted = new Map(ports);
    work = work.then(converge, converge);
    // Whoever awaits `settled` sees the failure; nobody awaiting must not end the process.
    work.catch(() => undefined);
  };

  return {
    want,
    settled: () => work,
    close: () => {
      want(new Map());
      return work;
    },
  };
}

function openPort(address: string, port: number, serve: Serve): Promise<OpenPort> {
  const state: OpenPort = { server: createServer(), sockets: new Set(), serve };
  state.server.on('connection', (socket) => {
    state.sockets.add(socket);
    socket.on('close', () => state.sockets.delete(socket));
    // A client that goes away in mid-handshake is everyday business here.
    socket.on('error', () => undefined);
    state.serve(socket);
  });
  return new Promise((resolve, reject) => {
    state.server.once('error', reject);
    state.server.listen(port, address, () => {
      // A guest must not keep the process alive that has forgotten it.
      state.server.unref();
      resolve(state);
    });
  });
}

function closePort({ server, sockets }: OpenPort): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    for (const socket of sockets) socket.destroy();
  });
}
