import type { Begun } from '../model/operation.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { protectionOf } from './made-from.ts';
import { madeName, madeTagsLike, type Maker } from './made-resource.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { parseResourceId, sameResource, siblingId } from './resource-id.ts';

/** The smallest disk there is, in GiB. */
const SMALLEST = 4;

/**
 * Makes an empty disk that is encrypted by a disk encryption set, next to the VM's OS disk: with a key that is disabled or expired Azure
 * makes none, nor does it start a VM (azure-docs#123768), which runs on meanwhile as if nothing were.
 */
export async function beginKeyCheck(
  azure: Azure,
  osDiskId: string,
  diskEncryptionSetId: string,
  maker: Maker,
): Promise<Begun> {
  const { subscriptionId, resourceGroup, name: originalName } = parseResourceId(osDiskId);
  const { compute } = await azure(subscriptionId);
  const name = madeName(maker, 'key-check-disk');
  const id = siblingId(osDiskId, 'Microsoft.Compute/disks', name);
  const existing = await armIfExists(() => compute.disks.get(resourceGroup, name));
  requireSettled(existing);
  if (existing?.provisioningState === 'Succeeded') return { id, operation: nothingToDo(subscriptionId) };
  const osDisk = await arm(() => compute.disks.get(resourceGroup, originalName));
  const { location, zones, sku, tags, encryption } = osDisk;
  const isItsOwn = sameResource(encryption?.diskEncryptionSetId, diskEncryptionSetId);
  const operation = await beginOperation(subscriptionId, 'compute', (options) =>
    compute.disks.createOrUpdate(
      resourceGroup,
      name,
      {
        location,
        creationData: { createOption: 'Empty' },
        diskSizeGB: SMALLEST,
        tags: madeTagsLike(tags, maker, 'key-check-disk'),
        ...(zones ? { zones } : {}),
        ...(sku?.name ? { sku: { name: sku.name } } : {}),
        ...protectionOf(osDisk),
        ...(isItsOwn ? {} : { encryption: { diskEncryptionSetId } }),
      },
      options,
    ),
  );
  return { id, operation };
}
