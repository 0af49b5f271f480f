import { setTimeout as sleep } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import type { RemediationRecord } from '../../../shared/model/record.ts';
import { createRecordStore } from '../../../shared/store/record-store.ts';
import { storageAccount } from '../../support/storage.ts';

/** Waits until the record of a remediation, as it lies in the storage, is as it is wanted: no door need be open at which to ask for it. */
export async function storedRecord(
  account: number,
  id: string,
  isWanted: (record: RemediationRecord) => boolean,
): Promise<RemediationRecord> {
  const service = BlobServiceClient.fromConnectionString(storageAccount(account));
  const records = createRecordStore(service.getContainerClient('remediations'));
  for (;;) {
    const record = await records.read(id);
    if (record && isWanted(record)) return record;
    await sleep(100);
  }
}

export function hasEnded({ endedAt }: RemediationRecord): boolean {
  return endedAt !== undefined;
}
