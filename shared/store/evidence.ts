import {
  BlobSASPermissions,
  type BlobServiceClient,
  type ContainerClient,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { readProperties, writeBlob } from './blob-json.ts';

/** Where evidence goes: append blobs under `<remediation id>/evidence/`. */
export interface EvidenceStore {
  /** Whether VMs may have a way to it at all; an emulator on somebody's own machine is reached by none. */
  readonly vmsReachIt: boolean;
  /** Address of a piece of evidence, and the same with a SAS by which Run Command may write it for some hours. */
  place(remediationId: string, name: string): Promise<{ url: string; writeUri: string }>;
  /** Keeps a text of our own; gives back its address. */
  keep(remediationId: string, name: string, text: string): Promise<string>;
  /** Whether there is evidence with something in it whose name begins so. */
  holds(remediationId: string, beginning: string): Promise<boolean>;
  /** The last of a kept text, at most `READ_BYTES`; `undefined` where there is none: Run Command may have had no way to it. */
  read(url: string): Promise<string | undefined>;
}

/** The most of a piece of evidence that is read back. */
const READ_BYTES = 512 * 1024;

/** Longer than a run command can last (90 minutes), by the storage service's own clock. */
const SAS_HOURS = 3;

/**
 * Signs with the account key where the connection has one (Azurite), else with a user delegation key:
 * in production the storage account knows no shared keys.
 */
export function createEvidenceStore(
  service: BlobServiceClient,
  container: ContainerClient,
  { vmsReachIt }: Pick<EvidenceStore, 'vmsReachIt'> = { vmsReachIt: true },
): EvidenceStore {
  return {
    vmsReachIt,
    async place(remediationId, name) {
      const blob = container.getAppendBlobClient(`${remediationId}/evidence/${name}`);
      const expiresOn = new Date(Date.now() + SAS_HOURS * 3_600_000);
      const options = { permissions: BlobSASPermissions.parse('racw'), expiresOn };
      if (service.credential instanceof StorageSharedKeyCredential) {
        return { url: blob.url, writeUri: await blob.generateSasUrl(options) };
      }
      const key = await service.getUserDelegationKey(new Date(Date.now() - 300_000), expiresOn);
      return { url: blob.url, writeUri: await blob.generateUserDelegationSasUrl(options, key) };
    },
    async keep(remediationId, name, text) {
      const place = `${remediationId}/evidence/${name}`;
      const contentType = name.endsWith('.json') ? 'application/json' : 'text/plain; charset=utf-8';
      await writeBlob(container, place, text, { contentType });
      return container.getBlobClient(place).url;
    },
    async holds(remediationId, beginning) {
      const prefix = `${remediationId}/evidence/${beginning}`;
      for await (const { properties } of container.listBlobsFlat({ prefix }))
        if ((properties.contentLength ?? 0) > 0) return true;
      return false;
    },
    async read(url) {
      const name = nameIn(container, url);
      if (name === undefined) return undefined;
      const contentLength = (await readProperties(container, name))?.contentLength ?? 0;
      if (contentLength === 0) return undefined;
      const from = Math.max(0, contentLength - READ_BYTES);
      const blob = container.getBlobClient(name);
      return (await blob.downloadToBuffer(from, contentLength - from)).toString('utf8');
    },
  };
}

/** Name of a blob of this container by its address. */
function nameIn(container: ContainerClient, url: string): string | undefined {
  const prefix = `${container.url}/`;
  return url.startsWith(prefix) ? decodeURIComponent(url.slice(prefix.length)) : undefined;
}
