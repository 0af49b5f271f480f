import type { ContainerClient } from '@azure/storage-blob';
import { deleteBlob, writeBlob } from './blob-json.ts';
import { reached } from './reached.ts';

const WHAT = 'The intents';

/**
 * What a remediation was about to do, written before it did: small blobs `<remediation id>/intents/<name>`. What stands as wanted
 * is our own doing only where its intent is there.
 */
export interface IntentStore {
  /** Notes an intent; the first note stays. @throws MedicError `AzureUnavailable`: then nothing may be done. */
  begin(remediationId: string, name: string, intent: object): Promise<void>;
  has(remediationId: string, name: string): Promise<boolean>;
  /** Takes a note back; harmless where there is none. @throws MedicError `AzureUnavailable`. */
  withdraw(remediationId: string, name: string): Promise<void>;
}

export function createIntentStore(container: ContainerClient): IntentStore {
  const place = (remediationId: string, name: string): string => `${remediationId}/intents/${name}.json`;
  return {
    begin: (remediationId, name, intent) =>
      reached(WHAT, async () => {
        const noted = await writeBlob(container, place(remediationId, name), JSON.stringify(intent), {
          contentType: 'application/json',
          guard: { ifNoneMatch: '*' },
        });
        // 409 stands for more than a note that is there: a deed without one would be taken for somebody else's.
        if (!noted && !(await container.getBlobClient(place(remediationId, name)).exists()))
          throw new Error(`${name} could not be noted.`);
      }),
    has: (remediationId, name) =>
      reached(WHAT, () => container.getBlobClient(place(remediationId, name)).exists()),
    withdraw: (remediationId, name) => reached(WHAT, () => deleteBlob(container, place(remediationId, name))),
  };
}
