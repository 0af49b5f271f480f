import { z } from 'zod';
import { MedicError } from '../errors.ts';
import type { Inspection } from '../model/inspection.ts';
import type { UndoOf } from '../model/undo.ts';

const withDataDisks = z.object({
  storageProfile: z.object({ dataDisks: z.array(z.object({ managedDisk: z.object({ id: z.string() }) })) }),
});

/** What to type where the original OS disk could not be put back: the VM may stand on the copy, or be gone. */
export function restoreByHand(
  { vmId, name, resourceGroup, subscriptionId, location, size, zone, nics }: Inspection,
  { diskId, definition, kept }: UndoOf<'restore-os-disk'>,
  error: unknown,
): string[] {
  // Of a rollback, the disk on which the VM was found is the repaired one.
  const which = kept ? 'repaired' : 'original';
  if (error instanceof MedicError && error.code === 'VmNotFound')
    return [
      `The VM was deleted by somebody else, so nothing was built again. Its ${which} OS disk was ${diskId}.`,
    ];
  if (error instanceof MedicError && error.code === 'Moved')
    return [`The VM was left as somebody else changed it. Its ${which} OS disk ${diskId} is not under it.`];
  const dataDisks = withDataDisks.safeParse(definition).data?.storageProfile.dataDisks ?? [];
  const create = [
    `az vm create --subscription ${subscriptionId} --resource-group ${resourceGroup} --name ${name}`,
    `--location ${location} --size ${size} --os-type Windows --attach-os-disk ${diskId}`,
    ...(zone === null ? [] : [`--zone ${zone}`]),
    `--nics ${nics.map(({ id }) => id).join(' ')}`,
    ...(dataDisks.length === 0
      ? []
      : [`--attach-data-disks ${dataDisks.map(({ managedDisk }) => managedDisk.id).join(' ')}`]),
  ];
  return [
    `The ${which} OS disk ${diskId} could not be put back. Do not start the VM before it is.`,
    `If the VM is there: az vm deallocate --ids ${vmId} && az vm update --ids ${vmId} --os-disk ${diskId} && az vm start --ids ${vmId}`,
    ...(definition === null ? [] : [`If the VM is gone: ${create.join(' ')}`]),
  ];
}
