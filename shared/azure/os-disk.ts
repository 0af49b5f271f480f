import type { Disk, Snapshot } from '@azure/arm-compute';
import { MedicError } from '../errors.ts';
import type { Deed } from '../model/expected.ts';
import type { Begun, Operation } from '../model/operation.ts';
import { refusesSwap } from '../repair/swap-refusal.ts';
import { arm, armIfExists, waitedOut } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { compareThenAct, requireThatDisk, sameAsRead, type Acting, type WantedDisk } from './compare.ts';
import { requireVmId } from './inspect-vm.ts';
import { protectionOf, requireMadeFrom } from './made-from.ts';
import { madeName, madeTags, madeTagsLike, TAGS, type Maker, type Role } from './made-resource.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { parseResourceId, sameResource, siblingId } from './resource-id.ts';
import { requireSameSecurityType } from './security-type.ts';

/**
 * Copies the OS disk, from a snapshot or as it stands, into a disk of its own: the repair is rehearsed on one copy and done on another, the
 * original stays as it was (learn.microsoft.com, REST API of disks, "Create a managed disk from an existing managed disk"). Generation, architecture, zone, SKU, encryption set and network access are the original's, or Azure refuses the swap;
 * the security type comes along by itself, if the source has it.
 * @param notBefore a copy that was made earlier holds less than the disk does
 * @throws MedicError `NameTaken` where a disk of that name was made from something else, or earlier; `SwapRefused`.
 */
export async function beginCopyDisk(
  azure: Azure,
  originalDiskId: string,
  sourceId: string,
  maker: Maker,
  role: Extract<Role, 'rehearsal-disk' | 'repair-disk'>,
  notBefore?: string,
): Promise<Begun> {
  const { subscriptionId, resourceGroup, name: originalName } = parseResourceId(originalDiskId);
  const { compute } = await azure(subscriptionId);
  const name = madeName(maker, role);
  const id = siblingId(originalDiskId, 'Microsoft.Compute/disks', name);
  const existing = await armIfExists(() => compute.disks.get(resourceGroup, name));
  requireSettled(existing);
  const original = await arm(() => compute.disks.get(resourceGroup, originalName));
  const source = sameResource(sourceId, originalDiskId) ? original : await readSnapshot(azure, sourceId);
  if (existing) requireMadeFrom(existing, { id: sourceId, uniqueId: source.uniqueId, notBefore });
  if (existing?.provisioningState === 'Succeeded') return { id, operation: nothingToDo(subscriptionId) };
  requireSameSecurityType(source, original);
  const operation = await beginOperation(subscriptionId, 'compute', (options) =>
    compute.disks.createOrUpdate(
      resourceGroup,
      name,
      copyOf(original, sourceId, madeTagsLike(original.tags, maker, role)),
      options,
    ),
  );
  return { id, operation };
}

function readSnapshot(azure: Azure, snapshotId: string): Promise<Snapshot> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(snapshotId);
  return arm(async () => (await azure(subscriptionId)).compute.snapshots.get(resourceGroup, name));
}

function copyOf(original: Disk, sourceId: string, tags: Record<string, string>): Disk {
  const { sku, zones, osType, hyperVGeneration, supportedCapabilities } = original;
  return {
    location: original.location,
    creationData: { createOption: 'Copy', sourceResourceId: sourceId },
    tags,
    ...(sku?.name ? { sku: { name: sku.name } } : {}),
    ...(zones ? { zones } : {}),
    ...(osType ? { osType } : {}),
    ...(hyperVGeneration ? { hyperVGeneration } : {}),
    ...(supportedCapabilities ? { supportedCapabilities } : {}),
    ...(original.purchasePlan ? { purchasePlan: original.purchasePlan } : {}),
    ...(original.supportsHibernation === undefined
      ? {}
      : { supportsHibernation: original.supportsHibernation }),
    ...(original.tier && sku?.name?.startsWith('Premium') ? { tier: original.tier } : {}),
    ...(original.burstingEnabled ? { burstingEnabled: true } : {}),
    ...protectionOf(original),
  };
}

/** A disk as it stands now; `undefined` where there is none of this id. */
export async function readDisk(
  azure: Azure,
  diskId: string,
): Promise<{ uniqueId: string; state: string } | undefined> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(diskId);
  const disk = await armIfExists(async () =>
    (await azure(subscriptionId)).compute.disks.get(resourceGroup, name),
  );
  return disk && { uniqueId: disk.uniqueId ?? '', state: disk.diskState ?? '' };
}

/** Puts another OS disk under a VM that is down. @throws MedicError `SwapRefused` where Azure does not allow it. */
export function beginSwapOsDisk(acting: Acting, deed: Deed, disk: WantedDisk): Promise<Operation> {
  const { id: diskId } = disk;
  const { subscriptionId, resourceGroup, name } = requireVmId(deed.vmId);
  const rule = {
    kind: 'swap-os-disk',
    osDiskId: diskId.toLowerCase(),
    settled: true,
    reserved: true,
  } as const;
  return compareThenAct(acting, deed, rule, async ({ vm, now }) => {
    // Azure may take it on all the same, and reboot the VM onto the other disk.
    if (now.power === 'running')
      throw new MedicError('AzureRefused', `${name} is running, so its OS disk was not swapped.`);
    requireSameSecurityType(await requireThatDisk(acting.azure, deed.vmId, disk), vm);
    const { compute } = await acting.azure(subscriptionId);
    try {
      return await beginOperation(subscriptionId, 'compute', (options) =>
        compute.virtualMachines.update(
          resourceGroup,
          name,
          {
            storageProfile: {
              osDisk: {
                // A fixed property: sent as it stands, or Azure refuses the change (PropertyChangeNotAllowed).
                createOption: vm.storageProfile?.osDisk?.createOption ?? 'FromImage',
                name: parseResourceId(diskId).name,
                managedDisk: { id: diskId },
              },
            },
          },
          { ...options, ...sameAsRead(vm) },
        ),
      );
    } catch (error) {
      if (
        error instanceof MedicError &&
        error.code === 'AzureRefused' &&
        refusesSwap(error.message, now.power)
      ) {
        throw new MedicError('SwapRefused', error.message, { cause: error });
      }
      throw waitedOut(error);
    }
  });
}

/**
 * Says by tags what a disk is from now on: the original, kept for a rollback before it goes from under the VM, or what it was before,
 * once that was taken back. Nothing to do where the disk is gone, and, `unlessUsed`, for one on which a VM stands.
 */
export async function beginMarkDisk(
  azure: Azure,
  diskId: string,
  maker: Maker,
  { role, unlessUsed }: { role: Extract<Role, 'original-disk' | 'repair-disk'>; unlessUsed: boolean },
): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(diskId);
  const { compute } = await azure(subscriptionId);
  const disk = await armIfExists(() => compute.disks.get(resourceGroup, name));
  if (!disk || (unlessUsed && disk.managedBy !== undefined)) return nothingToDo(subscriptionId);
  return beginOperation(subscriptionId, 'compute', (options) =>
    compute.disks.update(resourceGroup, name, { tags: { ...disk.tags, ...madeTags(maker, role) } }, options),
  );
}

/** Takes the tags of this remediation off a disk that goes under a VM, or is there: it is the VM's own and must never be swept. */
export async function beginReleaseDisk(
  azure: Azure,
  diskId: string,
  { deployment, remediationId }: Pick<Maker, 'deployment' | 'remediationId'>,
): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(diskId);
  const { compute } = await azure(subscriptionId);
  const disk = await armIfExists(() => compute.disks.get(resourceGroup, name));
  const { tags = {} } = disk ?? {};
  if (tags[TAGS.deployment] !== deployment || tags[TAGS.remediation] !== remediationId)
    return nothingToDo(subscriptionId);
  const ours: string[] = Object.values(TAGS);
  const kept = Object.entries(tags).filter(([key]) => !ours.includes(key));
  return beginOperation(subscriptionId, 'compute', (options) =>
    compute.disks.update(resourceGroup, name, { tags: Object.fromEntries(kept) }, options),
  );
}
