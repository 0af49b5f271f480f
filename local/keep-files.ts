import { BlobServiceClient } from '@azure/storage-blob';
import { mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const CONTAINER = 'remediations';

/**
 * Writes everything that is kept of a remediation, report, record and evidence, into files that people can open: what lies in the
 * emulator's own folder they cannot.
 * @returns the folder of the files
 */
export async function keepFiles(storage: string, remediationId: string, folder: string): Promise<string> {
  const container = BlobServiceClient.fromConnectionString(storage).getContainerClient(CONTAINER);
  const place = join(folder, remediationId);
  for await (const { name } of container.listBlobsFlat({ prefix: `${remediationId}/` })) {
    const file = join(folder, name);
    // Names are of our own making; one that leads out of the folder would be none.
    if (relative(place, file).startsWith('..')) continue;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    await container.getBlobClient(name).downloadToFile(file);
  }
  return place;
}
