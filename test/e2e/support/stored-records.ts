import { setTimeout as sleep } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import type { RecordStore } from '../../../shared/intake/ports.ts';
import type { RemediationRecord } from '../../../shared/model/record.ts';
import { createRecordStore } from '../../../shared/store/record-store.ts';
import { storageAccount } from '../../support/storage.ts';

/** The records as they lie in an account. @param connectionString of the account */
export function recordsIn(connectionString: string): RecordStore {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  return createRecordStore(service.getContainerClient('remediations'));
}

/** Waits until the record of a remediation, as it lies in the storage, is as it is wanted: no door need be open at which to ask for it. */
export async function storedRecord(
  account: number,
  id: string,
  isWanted: (record: RemediationRecord) => boolean,
): Promise<RemediationRecord> {
  const records = recordsIn(storageAccount(account));
  for (;;) {
    const record = await records.read(id);
    if (record && isWanted(record)) return record;
    await sleep(100);
  }
}

export function hasEnded({ endedAt }: RemediationRecord): boolean {
  return endedAt !== undefined;
}
