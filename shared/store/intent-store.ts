import type { ContainerClient } from '@azure/storage-blob';
import { deleteBlob, readBlob, writeBlob } from './blob-json.ts';
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
  /** The note itself; `undefined` where there is none. @throws MedicError `AzureUnavailable`. */
  read(remediationId: string, name: string): Promise<unknown>;
  /** Takes a note back; harmless where there is none. @throws MedicError `AzureUnavailable`. */
  withdraw(remediationId: string, name: string): Promise<void>;
}

export function createIntentStore(container: ContainerClient): IntentStore {
  const place = (remediationId: string, name: string): string => `${remediationId}/intents/${name}.json`;
  const isNoted = (remediationId: string, name: string): Promise<boolean> =>
    container.getBlobClient(place(remediationId, name)).exists();
  return {
    begin: (remediationId, name, intent) =>
      reached(WHAT, async () => {
        const noted = await writeBlob(container, place(remediationId, name), JSON.stringify(intent), {
          contentType: 'application/json',
          guard: { ifNoneMatch: '*' },
        });
        // 409 stands for more than a note that is there: a deed without one would be taken for somebody else's.
        if (!noted && !(await isNoted(remediationId, name))) throw new Error(`${name} could not be noted.`);
      }),
    has: (remediationId, name) => reached(WHAT, () => isNoted(remediationId, name)),
    read: (remediationId, name) =>
      reached(WHAT, async (): Promise<unknown> => {
        const blob = await readBlob(container, place(remediationId, name));
        return blob && JSON.parse(blob.text);
      }),
    withdraw: (remediationId, name) => reached(WHAT, () => deleteBlob(container, place(remediationId, name))),
  };
}
