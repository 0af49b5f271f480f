import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** A storage emulator of its own for a test run. */
export interface Azurite {
  /**
   * Connection string of one of the accounts; each test file takes one of its own, so that none sees another's
   * queues and blobs.
   * @throws RangeError for an account that does not exist
   */
  connectionString(account?: string): string;
  close(): Promise<void>;
}

/** The accounts there are: `test0` to `test63`. */
const AZURITE_ACCOUNTS = Array.from({ length: 64 }, (_, index) => `test${String(index)}`);

const KEY = Buffer.from('a key that opens nothing but a test').toString('base64');
const MAIN = join(import.meta.dirname, '..', '..', 'node_modules', 'azurite', 'dist', 'src', 'azurite.js');

/** Starts Azurite on free loopback ports, keeping everything in memory; resolves once it answers. */
export async function startAzurite(): Promise<Azurite> {
  const [blob = 0, queue = 0, table = 0] = await freePorts(3);
  const ports = ['--blobPort', blob, '--queuePort', queue, '--tablePort', table].map(String);
  const child = spawn(
    process.execPath,
    [MAIN, '--inMemoryPersistence', '--silent', '--skipApiVersionCheck', ...ports],
    {
      env: { ...process.env, AZURITE_ACCOUNTS: AZURITE_ACCOUNTS.map((name) => `${name}:${KEY}`).join(';') },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  // A test run that is killed must not leave it behind.
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  await listening(child.stdout, 3);
  child.stdout.resume();

  return {
    connectionString(account = 'test0') {
      if (!AZURITE_ACCOUNTS.includes(account)) throw new RangeError(`There is no account ${account}.`);
      const endpoint = (service: string, port: number): string =>
        `${service}Endpoint=http://127.0.0.1:${String(port)}/${account};`;
      return (
        `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${KEY};` +
        endpoint('Blob', blob) +
        endpoint('Queue', queue) +
        endpoint('Table', table)
      );
    },
    async close() {
      process.removeListener('exit', kill);
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
  };
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** Azurite says so once for each of its services. */
async function listening(output: Readable, services: number): Promise<void> {
  let text = '';
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.split('successfully listen').length > services) return;
  }
  throw new Error(`Azurite did not start: ${text}`);
}
