import { nameOf } from '../../arm/store/resource-id.ts';
import { besideVm, idOf, osDiskIdOf, vmOf, type Scene } from '../scene.ts';
import type { VerbEntry } from './verb.ts';

const DISKS = 'Microsoft.Compute/disks';

async function swap(scene: Scene, diskId: string): Promise<void> {
  const createOption = vmOf(scene).properties.storageProfile?.osDisk?.createOption ?? 'FromImage';
  await scene.azure.change('PATCH', scene.vmId, {
    properties: {
      storageProfile: { osDisk: { createOption, name: nameOf(diskId), managedDisk: { id: diskId } } },
    },
  });
}

async function copy(scene: Scene, sourceId: string, name: string): Promise<string> {
  const { store } = scene.context;
  const source = store.snapshots.find(sourceId) ?? store.disks.get(sourceId);
  const zones = vmOf(scene).zones;
  const id = besideVm(scene, DISKS, name);
  await scene.azure.change('PUT', id, {
    location: source.location,
    ...(zones && { zones }),
    sku: { name: 'Premium_LRS' },
    properties: { creationData: { createOption: 'Copy', sourceResourceId: source.id } },
  });
  return id;
}

/** A name that is not taken, numbered from 1. */
function freeName({ context, vmId }: Scene, ending: string): string {
  const name = (count: number): string => `${nameOf(vmId)}-${ending}-${String(count)}`;
  let count = 1;
  while (context.store.disks.find(besideVm({ vmId }, DISKS, name(count)))) count += 1;
  return name(count);
}

/** Disks under the VM. */
export const DISK_DEEDS = {
  swap: {
    usage: 'swap <disk>',
    words: [1, 1],
    run: (scene, [disk = '']) => swap(scene, idOf(scene, disk)),
  },
  /** Back from a snapshot, or from a copy of the disk as it is: a new disk comes under the VM, the old one is left. */
  restore: {
    usage: 'restore [<snapshot or disk>]',
    words: [0, 1],
    async run(scene, [from]) {
      const source = from === undefined ? osDiskIdOf(scene) : idOf(scene, from);
      await scene.azure.change('POST', `${scene.vmId}/deallocate`);
      await swap(scene, await copy(scene, source, freeName(scene, 'restored')));
      await scene.azure.change('POST', `${scene.vmId}/start`);
    },
  },
  /** A data disk; an empty one is made if there is none of that name. */
  attach: {
    usage: 'attach <disk>',
    words: [1, 1],
    async run(scene, [name = '']) {
      const { azure, context, vmId } = scene;
      const diskId = besideVm(scene, DISKS, name);
      const { location, zones } = vmOf(scene);
      if (!context.store.disks.find(diskId)) {
        await azure.change('PUT', diskId, {
          location,
          ...(zones && { zones }),
          properties: { diskSizeGB: 32, creationData: { createOption: 'Empty' } },
        });
      }
      await azure.change('POST', `${vmId}/attachDetachDataDisks`, { dataDisksToAttach: [{ diskId }] });
    },
  },
  detach: {
    usage: 'detach <disk>',
    words: [1, 1],
    async run(scene, [name = '']) {
      await scene.azure.change('POST', `${scene.vmId}/attachDetachDataDisks`, {
        dataDisksToDetach: [{ diskId: besideVm(scene, DISKS, name) }],
      });
    },
  },
} satisfies Record<string, VerbEntry>;
