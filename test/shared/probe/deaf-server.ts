import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { LOOPBACK } from './rdp-server.ts';

const LISTEN = `require('node:net').createServer().listen({ port: 0, host: '${LOOPBACK}', backlog: 1 },
  function () { console.log(this.address().port); })`;

/**
 * A port that is listened on by a process that has been stopped and whose queue is full: the kernel drops
 * further connection attempts, as a packet filter would.
 */
export async function listenWithoutAccepting(): Promise<{ port: number; close: () => void }> {
  const child = spawn(process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const port = Number(line);
  child.kill('SIGSTOP');
  const queued = Array.from({ length: 2 }, () =>
    connect({ host: LOOPBACK, port }).on('error', () => undefined),
  );
  await Promise.all(queued.map((socket) => once(socket, 'connect')));
  return {
    port,
    close: () => {
      for (const socket of queued) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}
