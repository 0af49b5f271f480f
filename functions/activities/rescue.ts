import { beginAttachDisk, beginDetachDisk } from '../../shared/azure/data-disk.ts';
import { beginKeyCheck } from '../../shared/azure/key-check.ts';
import { beginCopyDisk } from '../../shared/azure/os-disk.ts';
import { readOffer } from '../../shared/azure/offered-sizes.ts';
import { beginRescueNic, beginRescueVm } from '../../shared/azure/rescue-vm.ts';
import { beginSnapshot } from '../../shared/azure/snapshot.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { otherSizes } from '../../shared/repair/other-sizes.ts';
import { RESCUE_DISK_TYPES } from '../../shared/repair/rescue-shape.ts';
import { rescueNeeds, rescueSizes } from '../../shared/repair/rescue-size.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';
import { implementMandated } from './mandate.ts';

/** Activities that make the safety copy, the copy to repair, and the rescue VM. */
export function registerRescueActivities(deps: ActivityDependencies): void {
  const { azure, deployment, rescueVmSize, policy } = deps;
  implementMandated(deps, ACTIVITIES.beginSnapshot, ({ diskId, location, role, ...maker }) =>
    beginSnapshot(azure, diskId, location, { ...maker, deployment }, role),
  );
  implementMandated(deps, ACTIVITIES.beginCopyDisk, ({ diskId, sourceId, role, notBefore, ...maker }) =>
    beginCopyDisk(azure, diskId, sourceId, { ...maker, deployment }, role, notBefore),
  );
  implementMandated(deps, ACTIVITIES.beginRescueNic, ({ vm, rescueGroup, ...maker }) =>
    beginRescueNic(azure, vm, rescueGroup, { ...maker, deployment }, policy.rescue.subnetId),
  );
  implementMandated(deps, ACTIVITIES.beginKeyCheck, ({ diskId, diskEncryptionSetId, ...maker }) =>
    beginKeyCheck(azure, diskId, diskEncryptionSetId, { ...maker, deployment }),
  );
  implement(ACTIVITIES.otherSizes, async ({ vm }) => {
    // Whoever asks is bringing a VM up: that never waits for what could be done besides.
    const offer = await readOffer(azure, vm).catch(() => undefined);
    return { sizes: offer ? otherSizes(offer, vm) : [] };
  });
  implement(ACTIVITIES.rescueShapes, async ({ vm }) => {
    const sizes = rescueSizes(await readOffer(azure, vm), rescueNeeds(vm), rescueVmSize);
    return { sizes, diskTypes: [...RESCUE_DISK_TYPES] };
  });
  implementMandated(deps, ACTIVITIES.beginRescueVm, ({ vm, rescueGroup, nicId, shape, ...maker }) =>
    beginRescueVm(azure, vm, { nicId, ...shape, rescueGroup }, { ...maker, deployment }),
  );
  implementMandated(deps, ACTIVITIES.beginAttachDisk, ({ vmId, diskId, lun }) =>
    beginAttachDisk(azure, vmId, diskId, lun),
  );
  implementMandated(deps, ACTIVITIES.beginDetachDisk, ({ vmId, diskId }) =>
    beginDetachDisk(azure, vmId, diskId),
  );
}
