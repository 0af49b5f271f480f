import { beginAttachDisk, beginDetachDisk } from '../../shared/azure/data-disk.ts';
import { beginCopyDisk } from '../../shared/azure/os-disk.ts';
import { beginRescueNic, beginRescueVm } from '../../shared/azure/rescue-vm.ts';
import { beginSnapshot } from '../../shared/azure/snapshot.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';
import { mandated } from './mandate.ts';

/** Activities that make the safety copy, the copy to repair, and the rescue VM. */
export function registerRescueActivities(deps: ActivityDependencies): void {
  const { azure, deployment, rescueVmSize } = deps;
  implement(
    ACTIVITIES.beginSnapshot,
    mandated(deps, ({ diskId, location, role, notBefore, ...maker }) =>
      beginSnapshot(azure, diskId, location, { ...maker, deployment }, role, notBefore),
    ),
  );
  implement(
    ACTIVITIES.beginCopyDisk,
    mandated(deps, ({ diskId, snapshotId, role, ...maker }) =>
      beginCopyDisk(azure, diskId, snapshotId, { ...maker, deployment }, role),
    ),
  );
  implement(
    ACTIVITIES.beginRescueNic,
    mandated(deps, ({ vm, ...maker }) => beginRescueNic(azure, vm, { ...maker, deployment })),
  );
  implement(
    ACTIVITIES.beginRescueVm,
    mandated(deps, ({ vm, nicId, ...maker }) =>
      beginRescueVm(azure, vm, nicId, rescueVmSize, { ...maker, deployment }),
    ),
  );
  implement(
    ACTIVITIES.beginAttachDisk,
    mandated(deps, ({ vmId, diskId, lun }) => beginAttachDisk(azure, vmId, diskId, lun)),
  );
  implement(
    ACTIVITIES.beginDetachDisk,
    mandated(deps, ({ vmId, diskId }) => beginDetachDisk(azure, vmId, diskId)),
  );
}
