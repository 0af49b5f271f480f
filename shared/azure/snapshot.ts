import type { Begun } from '../model/operation.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { protectionOf, requireMadeFrom } from './made-from.ts';
import { madeName, madeTagsLike, type Maker, type Role } from './made-resource.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { parseResourceId, siblingId } from './resource-id.ts';

/**
 * Takes an incremental snapshot of a disk, next to it, as well protected as the disk. Nothing on a VM is changed before its snapshot
 * exists; a snapshot of this disk that exists already is the one an earlier run made.
 * @throws MedicError `NameTaken` where a snapshot of that name is another disk's.
 */
export async function beginSnapshot(
  azure: Azure,
  diskId: string,
  location: string,
  maker: Maker,
  role: Extract<Role, 'snapshot' | 'rehearsal-snapshot'>,
): Promise<Begun> {
  const { subscriptionId, resourceGroup, name: diskName } = parseResourceId(diskId);
  const { compute } = await azure(subscriptionId);
  const name = madeName(maker, role);
  const id = siblingId(diskId, 'Microsoft.Compute/snapshots', name);
  const existing = await armIfExists(() => compute.snapshots.get(resourceGroup, name));
  requireSettled(existing);
  const disk = await arm(() => compute.disks.get(resourceGroup, diskName));
  if (existing) requireMadeFrom(existing, { id: diskId, uniqueId: disk.uniqueId });
  if (existing?.provisioningState === 'Succeeded') return { id, operation: nothingToDo(subscriptionId) };
  const operation = await beginOperation(subscriptionId, 'compute', (options) =>
    compute.snapshots.createOrUpdate(
      resourceGroup,
      name,
      {
        location,
        incremental: true,
        creationData: { createOption: 'Copy', sourceResourceId: diskId },
        tags: madeTagsLike(disk.tags, maker, role),
        ...protectionOf(disk),
      },
      options,
    ),
  );
  return { id, operation };
}
