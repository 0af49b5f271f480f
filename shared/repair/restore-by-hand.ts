import * as z from 'zod';
import { MedicError } from '../errors.ts';
import type { Commands, Instruction } from '../model/commands.ts';
import type { Inspection } from '../model/inspection.ts';
import type { VmDefinition } from '../model/rebuild.ts';
import type { UndoOf } from '../model/undo.ts';
import { inWords } from './advice.ts';
import { blocks, swapOsDisk } from './azure-commands.ts';
import { powershellText as ps, shellWord as sh } from './quote.ts';

const withDataDisks = z.object({
  storageProfile: z.object({
    dataDisks: z.array(z.object({ lun: z.int().optional(), managedDisk: z.object({ id: z.string() }) })),
  }),
});

/** What to type where the original OS disk could not be put back: the VM may stand on the copy, or be gone. */
export function restoreByHand(
  vm: Inspection,
  { diskId, copyId, definition, kept }: UndoOf<'restore-os-disk'>,
  error: unknown,
): Instruction[] {
  // Of a rollback, the disk on which the VM was found is the repaired one.
  const which = kept ? 'repaired' : 'original';
  if (error instanceof MedicError && error.code === 'VmNotFound')
    return [
      inWords(`Somebody else deleted the VM, so it was not recreated. Its ${which} OS disk was ${diskId}.`),
    ];
  if (error instanceof MedicError && error.code === 'Moved')
    return [
      inWords(
        `Somebody else changed the VM, so it was left alone. Its ${which} OS disk ${diskId} is not attached to it. The disk ${copyId} is not needed any more, unless a VM uses it.`,
      ),
    ];
  return [
    inWords(
      `The ${which} OS disk ${diskId} could not be swapped back in. Do not start the VM before you have done so.`,
    ),
    {
      words: `If the VM exists, swap its ${which} OS disk back in.`,
      commands: swapOsDisk(vm, diskId),
    },
    ...(definition === null
      ? []
      : [
          {
            words: `If the VM does not exist, recreate it with its ${which} OS disk.`,
            commands: createVm(vm, diskId, dataDisksOf(definition)),
          },
        ]),
  ];
}

interface DataDisk {
  readonly id: string;
  readonly lun: number;
}

function dataDisksOf(definition: VmDefinition): DataDisk[] {
  const read = withDataDisks.safeParse(definition).data;
  return (read?.storageProfile.dataDisks ?? []).map(({ managedDisk: { id }, lun }, at) => ({
    id,
    lun: lun ?? at,
  }));
}

/** One command stays one line, however long: continued lines are spelt differently in each shell. */
function createVm(vm: Inspection, diskId: string, dataDisks: readonly DataDisk[]): Commands[] {
  const { name, resourceGroup, location, size, zone } = vm;
  const nics = vm.nics.map(({ id }) => id);
  const az = [
    `az vm create --resource-group ${sh(resourceGroup)} --name ${sh(name)}`,
    `--location ${sh(location)} --size ${sh(size)} --os-type Windows --attach-os-disk ${sh(diskId)}`,
    ...(zone === null ? [] : [`--zone ${sh(zone)}`]),
    `--nics ${nics.map(sh).join(' ')}`,
    ...(dataDisks.length === 0 ? [] : [`--attach-data-disks ${dataDisks.map(({ id }) => sh(id)).join(' ')}`]),
  ];
  const powershell = [
    `$vm = New-AzVMConfig -VMName ${ps(name)} -VMSize ${ps(size)}${zone === null ? '' : ` -Zone ${ps(zone)}`}`,
    `$null = Set-AzVMOSDisk -VM $vm -ManagedDiskId ${ps(diskId)} -CreateOption Attach -Windows`,
    ...nics.map(
      (id, at) => `$null = Add-AzVMNetworkInterface -VM $vm -Id ${ps(id)}${at === 0 ? ' -Primary' : ''}`,
    ),
    ...dataDisks.map(
      ({ id, lun }) =>
        `$null = Add-AzVMDataDisk -VM $vm -ManagedDiskId ${ps(id)} -Lun ${lun} -CreateOption Attach`,
    ),
    `New-AzVM -ResourceGroupName ${ps(resourceGroup)} -Location ${ps(location)} -VM $vm`,
  ];
  const named = [name, resourceGroup, location, size, diskId, ...nics, ...dataDisks.map(({ id }) => id)];
  return blocks(vm.subscriptionId, zone === null ? named : [...named, zone], [az.join(' ')], powershell);
}
