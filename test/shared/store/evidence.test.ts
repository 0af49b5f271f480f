import { BlobServiceClient } from '@azure/storage-blob';
import { createEvidenceStore, type EvidenceStore } from '../../../shared/store/evidence.ts';
import { storageAccount } from '../../support/storage.ts';

const HOUR = 3_600_000;

let evidence: EvidenceStore;
beforeAll(async () => {
  const service = BlobServiceClient.fromConnectionString(storageAccount(81));
  const container = service.getContainerClient('evidence');
  await container.createIfNotExists();
  evidence = createEvidenceStore(service, container);
});

describe('A place for evidence, told to a VM that may be broken into', () => {
  it('may be written, and not deleted by its address', async () => {
    const { writeUri } = await evidence.place('vm-1', 'answer.txt');
    const ask = (method: string, query = '', headers: Record<string, string> = {}, body?: string) =>
      fetch(`${writeUri}${query}`, {
        method,
        headers: { 'x-ms-version': '2024-11-04', ...headers },
        ...(body !== undefined && { body }),
      });
    const created = await ask('PUT', '', { 'x-ms-blob-type': 'AppendBlob', 'content-length': '0' });
    const appended = await ask('PUT', '&comp=appendblock', {}, 'what it says');
    expect([created.status, appended.status]).toEqual([201, 201]);
    expect((await ask('DELETE')).status).toBe(403);
    expect(new URL(writeUri).searchParams.get('sp')).toBe('racw');
  });

  it('is known for some hours, and not for a day', async () => {
    const { url, writeUri } = await evidence.place('vm-1', 'answer.txt');
    const ends = Date.parse(new URL(writeUri).searchParams.get('se') ?? '') - Date.now();
    expect(ends).toBeGreaterThan(2 * HOUR);
    expect(ends).toBeLessThan(12 * HOUR);
    expect(new URL(url).search).toBe('');
  });
});
