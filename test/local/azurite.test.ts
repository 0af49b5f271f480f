import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startAzurite, type Azurite } from '../../local/azurite.ts';

const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-azurite-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const containerOf = (azurite: Azurite): ContainerClient =>
  BlobServiceClient.fromConnectionString(azurite.connectionString()).getContainerClient('kept');

/** Writes as it may, and is killed right after the last answer. */
const WRITES_AND_DIES = `
  import { BlobServiceClient } from '@azure/storage-blob';
  import { startAzurite } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../local/azurite.ts')).href)};
  const azurite = await startAzurite(${JSON.stringify(folder)});
  const container = BlobServiceClient.fromConnectionString(azurite.connectionString()).getContainerClient('kept');
  await container.createIfNotExists();
  for (let index = 0; index < 20; index++) await container.getBlockBlobClient('blob-' + index).upload('kept', 4);
  process.kill(process.pid, 'SIGKILL');
`;

describe('Azurite that keeps a folder', () => {
  it('has everything that was answered, though whoever started it was killed, and is waited for by the next', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITES_AND_DIES], {
      stdio: 'inherit',
    });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    const azurite = await startAzurite(folder);
    const names: string[] = [];
    for await (const { name } of containerOf(azurite).listBlobsFlat()) names.push(name);
    expect(names).toHaveLength(20);
    expect((await containerOf(azurite).getBlobClient('blob-19').downloadToBuffer()).toString()).toBe('kept');
    await azurite.close();
  });
});
