import type { CreationData, Disk, Snapshot } from '@azure/arm-compute';
import { MedicError } from '../errors.ts';
import { sameResource } from './resource-id.ts';

/**
 * A thing of the name that we give is ours only if it was made from what we would make it from: anything else under that name would
 * be put under the VM, or kept as its safety copy.
 * @throws MedicError `NameTaken`.
 */
export function requireMadeFrom(
  made: { name?: string; creationData?: CreationData; timeCreated?: Date },
  source: { id: string; uniqueId: string | undefined; notBefore?: string | undefined },
): void {
  const { sourceResourceId, sourceUniqueId } = made.creationData ?? {};
  const sameSource =
    sameResource(sourceResourceId, source.id) &&
    source.uniqueId !== undefined &&
    sourceUniqueId?.toLowerCase() === source.uniqueId.toLowerCase();
  if (!sameSource) throw taken(made, `from ${sourceResourceId ?? 'nothing'}`);
  if (source.notBefore !== undefined && !(made.timeCreated && made.timeCreated >= new Date(source.notBefore)))
    throw taken(
      made,
      `at ${made.timeCreated?.toISOString() ?? 'an unknown time'}, before the VM was stopped`,
    );
}

function taken({ name }: { name?: string }, how: string): MedicError {
  return new MedicError(
    'NameTaken',
    `${name ?? 'It'} was created ${how}, so it does not belong to this repair.`,
  );
}

/** Who may read a disk's data and how it is encrypted: neither is inherited by what is made from it. */
export function protectionOf(disk: Disk): Pick<Snapshot & Disk, ProtectedBy> {
  const { encryption, networkAccessPolicy, diskAccessId, publicNetworkAccess, dataAccessAuthMode } = disk;
  return {
    ...(encryption ? { encryption } : {}),
    ...(networkAccessPolicy ? { networkAccessPolicy } : {}),
    ...(diskAccessId ? { diskAccessId } : {}),
    ...(publicNetworkAccess ? { publicNetworkAccess } : {}),
    ...(dataAccessAuthMode ? { dataAccessAuthMode } : {}),
  };
}

type ProtectedBy =
  'encryption' | 'networkAccessPolicy' | 'diskAccessId' | 'publicNetworkAccess' | 'dataAccessAuthMode';
