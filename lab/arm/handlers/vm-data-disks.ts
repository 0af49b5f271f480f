import * as z from 'zod';
import type { Demand } from '../access/roles.ts';
import { applyDataDisks, planDataDisks, reserveDisks } from '../compute/attach.ts';
import { settle } from '../compute/provisioning.ts';
import { isDisk, storageToWire } from '../compute/vm-wire.ts';
import type { DataDisk } from '../compute/vm-schema.ts';
import type { Context } from '../context.ts';
import { invalidParameter } from '../errors.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import { touch } from '../store/store.ts';
import { SECONDS } from '../timings.ts';
import { readBody, stored, wire } from '../wire.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';

const bodySchema = wire('AttachDetachDataDisksRequest', {
  dataDisksToAttach: z
    .array(
      wire('DataDisksToAttach', {
        diskId: z.string(),
        lun: z.int().min(0).max(63).optional(),
        caching: z.enum(['None', 'ReadOnly', 'ReadWrite']).optional(),
        deleteOption: z.enum(['Delete', 'Detach']).optional(),
        ...stored('diskEncryptionSet', 'writeAcceleratorEnabled'),
      }),
    )
    .default([]),
  dataDisksToDetach: z
    .array(
      wire('DataDisksToDetach', { diskId: z.string(), detachOption: z.enum(['ForceDetach']).optional() }),
    )
    .default([]),
});

export const vmDataDiskRoutes: Route[] = [
  {
    method: 'POST',
    path: `${PATHS.groupCompute}/virtualMachines/:name/attachDetachDataDisks`,
    action: `${TYPE}/attachDetachDataDisks/action`,
    linked: linkedDisks,
    handle: attachDetach,
  },
];

function linkedDisks(request: ArmRequest, { store }: Context): Demand[] {
  const { dataDisksToAttach = [], dataDisksToDetach = [] } = bodySchema.safeParse(request.body).data ?? {};
  return [...dataDisksToAttach, ...dataDisksToDetach]
    .filter(({ diskId }) => store.disks.find(diskId))
    .map(({ diskId }) => ({ action: 'Microsoft.Compute/disks/write', scope: diskId }));
}

function attachDetach(request: ArmRequest, context: Context): ArmAnswer {
  const vm = context.store.virtualMachines.get(request.target);
  const { dataDisksToAttach, dataDisksToDetach } = readBody(bodySchema, request.body);
  const current = vm.properties.storageProfile?.dataDisks ?? [];
  for (const { diskId } of dataDisksToDetach) {
    if (!current.some((disk) => isDisk(disk, diskId))) {
      throw invalidParameter(
        'dataDisksToDetach.diskId',
        `The disk ${diskId} is not attached to VM ${vm.id}.`,
      );
    }
  }
  const kept = current.filter((disk) => !dataDisksToDetach.some(({ diskId }) => isDisk(disk, diskId)));
  const wanted = [...kept];
  for (const { diskId, lun, caching = 'None', deleteOption = 'Detach' } of dataDisksToAttach) {
    const entry: DataDisk = {
      lun: lun ?? freeLun(wanted),
      createOption: 'Attach',
      caching,
      deleteOption,
      managedDisk: { id: diskId },
    };
    wanted.push(entry);
  }
  const change = planDataDisks(context, vm, wanted);
  const operation = context.operations.begin(request, {
    family: 'compute',
    location: vm.location,
    exclusive: vm.id,
    async work({ pass }) {
      await pass(SECONDS.attachDetach);
      applyDataDisks(context, vm, change);
      settle(context, vm, 'Succeeded');
      touch(vm);
      return ok(storageToWire(context, vm, vm.properties.storageProfile));
    },
    failed: () => {
      settle(context, vm, 'Failed');
      putBack();
    },
  });
  const putBack = reserveDisks(context, vm, change);
  vm.provisioningState = 'Updating';
  return { status: 202, operation };
}

function freeLun(disks: DataDisk[]): number {
  let lun = 0;
  while (disks.some((disk) => disk.lun === lun)) lun += 1;
  return lun;
}
