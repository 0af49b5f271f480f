import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Azurite {
  /** Connection string of one of its accounts, by name (`account1` … `account399`); of the first one unless said. */
  connectionString(account?: string): string;
  close(): Promise<void>;
}

const ACCOUNTS = Array.from({ length: 399 }, (_, index) => `account${String(index + 1)}`);
/** How much is lost where the machine loses power; Azurite's own five seconds are long for a record. */
const SAVED_EVERY_MS = 500;
/** Longer than it takes to save. */
const SAVED_WITHIN_MS = 15_000;
/** Ends the child when its parent has gone, however it went: no process is left behind. */
const LEAVE_WITH_PARENT = 'data:text/javascript,process.on("disconnect",()=>process.exit())';

/**
 * As `LEAVE_WITH_PARENT` for one that keeps a folder: what was written a moment ago is saved first. One that comes after it waits
 * until the folder is free; the lock goes with its process. It says something as it closes, and nobody may be there to hear it.
 */
function savingFirst(folder: string, entry: string): string {
  const script = `import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
const { prototype } = createRequire(${JSON.stringify(entry)})('lokijs');
const { autosaveEnable } = prototype;
prototype.autosaveEnable = function (...options) {
  this.autosaveInterval = ${String(SAVED_EVERY_MS)};
  return autosaveEnable.apply(this, options);
};
globalThis.folderLock = new DatabaseSync(${JSON.stringify(join(folder, 'lock.sqlite'))}, { timeout: 30000 });
globalThis.folderLock.exec('BEGIN EXCLUSIVE');
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));`;
  return `data:text/javascript,${encodeURIComponent(script)}`;
}

/**
 * After ten minutes Azurite sweeps what nobody refers to, and rebuilds an index for each piece: with some ten thousand blobs it answers
 * nobody for minutes (its `LokiExtentMetadataStore.deleteExtent`). What is in memory goes with the process anyway.
 */
function withoutSweep(entry: string): string {
  const script = `import { createRequire } from 'node:module';
const load = createRequire(${JSON.stringify(entry)});
for (const part of ['blob', 'queue']) load('./' + part + '/utils/constants.js').DEFAULT_GC_INTERVAL_MS = 2 ** 31 - 1;`;
  return `data:text/javascript,${encodeURIComponent(script)}`;
}

/**
 * Starts Azurite, Microsoft's storage emulator, on free loopback ports.
 * @param folder where it keeps its data; in memory only, unless given
 * @throws Error when it does not come up
 */
export async function startAzurite(folder?: string): Promise<Azurite> {
  const [blobPort, queuePort, tablePort] = [await freePort(), await freePort(), await freePort()];
  const key = randomBytes(32).toString('base64');
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const entry = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
  const place = folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder];
  const sweep = folder === undefined ? ['--import', withoutSweep(entry)] : [];
  const child = spawn(
    process.execPath,
    [
      '--import',
      folder === undefined ? LEAVE_WITH_PARENT : savingFirst(folder, entry),
      ...sweep,
      entry,
      ...place,
      '--silent',
      '--skipApiVersionCheck',
      '--disableTelemetry',
      '--blobPort',
      String(blobPort),
      '--queuePort',
      String(queuePort),
      '--tablePort',
      String(tablePort),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      // Ctrl-C in a terminal is for the host, which still writes a while.
      detached: true,
      env: { ...process.env, AZURITE_ACCOUNTS: ACCOUNTS.map((name) => `${name}:${key}`).join(';') },
    },
  );
  await ready(child);
  return {
    connectionString: (account = 'account1') =>
      [
        'DefaultEndpointsProtocol=http',
        `AccountName=${account}`,
        `AccountKey=${key}`,
        `BlobEndpoint=http://127.0.0.1:${String(blobPort)}/${account}`,
        `QueueEndpoint=http://127.0.0.1:${String(queuePort)}/${account}`,
      ].join(';') + ';',
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      // Whoever keeps a folder saves first; its parent's going is the word for it, and lets the process end.
      if (folder === undefined) child.kill('SIGKILL');
      else child.disconnect();
      const late = setTimeout(() => child.kill('SIGKILL'), SAVED_WITHIN_MS);
      await gone;
      clearTimeout(late);
    },
  };
}

/** Azurite names each service as it comes up; the table service is the last. */
async function ready(child: ReturnType<typeof spawn>): Promise<void> {
  const { stdout } = child;
  if (!stdout) throw new Error('Azurite has no output to wait for.');
  let seen = '';
  const gone = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`Azurite ended with ${String(code)}: ${seen.slice(-500)}`);
  });
  const up = new Promise<void>((resolve) => {
    stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (/Table service (is )?successfully listen/.test(seen)) resolve();
    });
  });
  await Promise.race([up, gone]);
  gone.catch(() => undefined);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
