import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Identity } from '../shared/probe/certificates.ts';

export const LOOPBACK = '127.0.0.1';

/** Whether this machine has the RDP server of Debian's package `xrdp`. */
export const xrdpInstalled = spawnSync('xrdp', ['--version']).status === 0;

export interface XrdpSettings {
  readonly securityLayer: 'rdp' | 'tls' | 'negotiate';
  readonly identity: Identity;
  /** Such as `TLSv1.2, TLSv1.3`. */
  readonly protocols?: string;
}

export interface XrdpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts xrdp in the foreground on a free loopback port; resolves once it says that it listens. */
export async function startXrdp(settings: XrdpSettings): Promise<XrdpServer> {
  const folder = await mkdtemp(join(tmpdir(), 'xrdp-test-'));
  const port = await freePort();
  const config = join(folder, 'own.ini');
  await writeFile(join(folder, 'cert.pem'), settings.identity.cert);
  await writeFile(join(folder, 'key.pem'), settings.identity.key, { mode: 0o600 });
  await writeFile(config, ini(folder, port, settings));
  // Into a pipe xrdp would say that it listens only once its buffer is full; stdbuf becomes xrdp, same pid.
  const command = ['-oL', 'xrdp', '--nodaemon', '--config', config];
  const child = spawn('stdbuf', command, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  const patience = setTimeout(() => child.kill(), 60_000);
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      said.push(line);
      if (line.includes('xrdp_listen_pp done')) resolve();
    });
    child.once('exit', () => {
      reject(new Error(`xrdp did not start:\n${said.join('\n')}`));
    });
  });
  clearTimeout(patience);
  return {
    port,
    close: async () => {
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

function ini(folder: string, port: number, settings: XrdpSettings): string {
  return `[Globals]
ini_version=1
fork=false
port=tcp://${LOOPBACK}:${String(port)}
security_layer=${settings.securityLayer}
crypt_level=high
certificate=${folder}/cert.pem
key_file=${folder}/key.pem
ssl_protocols=${settings.protocols ?? 'TLSv1.2, TLSv1.3'}

[Logging]
LogFile=${folder}/xrdp.log
LogLevel=INFO
EnableSyslog=false
EnableConsole=true
ConsoleLevel=INFO
`;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
