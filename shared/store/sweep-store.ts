import { RestError, type ContainerClient } from '@azure/storage-blob';
import * as z from 'zod';
import type { Group } from '../model/sweep.ts';
import { parseVmId } from '../model/vm-id.ts';
import { INTAKE_ROOT } from './intake-store.ts';

/** What the janitor asks of the container of the remediations. */
export interface SweepStore {
  /** The resource groups of all VMs that have a record, each once; first those in which only rescue VMs were made. */
  listGroups(): Promise<Group[]>;
  /** Deletes what intake wrote last before a moment (milliseconds since the epoch); says how many. */
  deleteIntakeBefore(before: number): Promise<number>;
}

const RECORD = /^vm-[^/]+\/record\.json$/;
const metadataSchema = z.object({
  vmid: z.string(),
  snapshotid: z.string().optional(),
  rescuegroup: z.string().optional(),
});

export function createSweepStore(container: ContainerClient): SweepStore {
  return {
    async listGroups() {
      const groups = new Map<
        string,
        { subscriptionId: string; resourceGroup: string; vms: Set<string>; disks: Set<string> }
      >();
      const rescueGroups = new Map<string, Group>();
      for await (const { name, metadata } of container.listBlobsFlat({
        prefix: 'vm-',
        includeMetadata: true,
      })) {
        if (!RECORD.test(name)) continue;
        const read = metadataSchema.safeParse(metadata).data;
        const vm = parseVmId(read?.vmid ?? '');
        if (!vm) continue;
        const { id, subscriptionId, resourceGroup } = vm;
        const key = `${subscriptionId}/${resourceGroup}`;
        const group = groups.get(key) ?? { subscriptionId, resourceGroup, vms: new Set(), disks: new Set() };
        group.vms.add(id);
        const beside = /\/resourceGroups\/([^/]+)/i.exec(read?.snapshotid ?? '')?.[1]?.toLowerCase();
        if (beside !== undefined && beside !== resourceGroup.toLowerCase()) group.disks.add(beside);
        groups.set(key, group);
        const rescue = read?.rescuegroup?.toLowerCase();
        if (rescue !== undefined)
          rescueGroups.set(`${subscriptionId}/${rescue}`, {
            subscriptionId,
            resourceGroup: rescue,
            vmIds: [],
            diskGroups: [],
          });
      }
      // What is attached to a rescue VM can be deleted only once that is gone.
      const rescueOnly = [...rescueGroups].flatMap(([key, group]) => (groups.has(key) ? [] : [group]));
      const ofVms = [...groups.values()].map(({ vms, disks, ...group }) => ({
        ...group,
        vmIds: [...vms],
        diskGroups: [...disks],
      }));
      return [...rescueOnly, ...ofVms];
    },
    async deleteIntakeBefore(before) {
      let removed = 0;
      for await (const { name, properties } of container.listBlobsFlat({ prefix: INTAKE_ROOT })) {
        const { lastModified, etag } = properties;
        if (lastModified.getTime() < before && (await deleteUnchanged(container, name, etag))) removed += 1;
      }
      return removed;
    },
  };
}

/** False where it was written again, or deleted, since it was listed. */
async function deleteUnchanged(container: ContainerClient, name: string, ifMatch: string): Promise<boolean> {
  try {
    await container.deleteBlob(name, { conditions: { ifMatch } });
    return true;
  } catch (error) {
    if (error instanceof RestError && (error.statusCode === 404 || error.statusCode === 412)) return false;
    throw error;
  }
}
