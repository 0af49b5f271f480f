import type { Begun } from '../model/operation.ts';
import { armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { madeName, madeTags, type Maker, type Role } from './made-resource.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { parseResourceId, siblingId } from './resource-id.ts';

/**
 * Takes an incremental snapshot of a disk, next to it. Nothing on a VM is changed before its snapshot exists
 * (design, section 3); a snapshot that exists already is the one an earlier run made.
 */
export async function beginSnapshot(
  azure: Azure,
  diskId: string,
  location: string,
  maker: Maker,
  role: Extract<Role, 'snapshot' | 'repair-snapshot'>,
): Promise<Begun> {
  const { subscriptionId, resourceGroup } = parseResourceId(diskId);
  const { compute } = azure(subscriptionId);
  const name = madeName(maker, role);
  const id = siblingId(diskId, 'Microsoft.Compute/snapshots', name);
  const existing = await armIfExists(() => compute.snapshots.get(resourceGroup, name));
  requireSettled(existing);
  if (existing?.provisioningState === 'Succeeded') return { id, operation: nothingToDo(subscriptionId) };
  const operation = await beginOperation(subscriptionId, 'compute', (options) =>
    compute.snapshots.createOrUpdate(
      resourceGroup,
      name,
      {
        location,
        incremental: true,
        creationData: { createOption: 'Copy', sourceResourceId: diskId },
        tags: madeTags(maker, role),
      },
      options,
    ),
  );
  return { id, operation };
}
