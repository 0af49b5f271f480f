import { beginAttachDisk, beginDetachDisk } from '../../shared/azure/data-disk.ts';
import { beginCopyDisk } from '../../shared/azure/os-disk.ts';
import { beginRescueNic, beginRescueVm } from '../../shared/azure/rescue-vm.ts';
import { beginSnapshot } from '../../shared/azure/snapshot.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implementMandated } from './mandate.ts';

/** Activities that make the safety copy, the copy to repair, and the rescue VM. */
export function registerRescueActivities(deps: ActivityDependencies): void {
  const { azure, deployment, rescueVmSize } = deps;
  implementMandated(deps, ACTIVITIES.beginSnapshot, ({ diskId, location, role, notBefore, ...maker }) =>
    beginSnapshot(azure, diskId, location, { ...maker, deployment }, role, notBefore),
  );
  implementMandated(deps, ACTIVITIES.beginCopyDisk, ({ diskId, snapshotId, role, ...maker }) =>
    beginCopyDisk(azure, diskId, snapshotId, { ...maker, deployment }, role),
  );
  implementMandated(deps, ACTIVITIES.beginRescueNic, ({ vm, ...maker }) =>
    beginRescueNic(azure, vm, { ...maker, deployment }),
  );
  implementMandated(deps, ACTIVITIES.beginRescueVm, ({ vm, nicId, ...maker }) =>
    beginRescueVm(azure, vm, nicId, rescueVmSize, { ...maker, deployment }),
  );
  implementMandated(deps, ACTIVITIES.beginAttachDisk, ({ vmId, diskId, lun }) =>
    beginAttachDisk(azure, vmId, diskId, lun),
  );
  implementMandated(deps, ACTIVITIES.beginDetachDisk, ({ vmId, diskId }) =>
    beginDetachDisk(azure, vmId, diskId),
  );
}
