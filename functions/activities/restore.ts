import { beginMarkDisk, beginReleaseDisk, beginSwapOsDisk, readDisk } from '../../shared/azure/os-disk.ts';
import { beginDeleteVm, beginDetachOnDelete, beginRecreateVm } from '../../shared/azure/rebuild-vm.ts';
import { readVmDefinition } from '../../shared/azure/vm-definition.ts';
import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { notAccepted, tellLosses } from '../../shared/model/rebuild.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';
import { implementMandated } from './mandate.ts';

/** Activities that put an OS disk under a VM: by swap, or by building the VM again. */
export function registerRestoreActivities(deps: ActivityDependencies): void {
  const { azure, deployment, evidence } = deps;
  implement(ACTIVITIES.keepVmDefinition, async ({ vmId, remediationId, acceptLosses }) => {
    const { whole, definition, losses } = await readVmDefinition(azure, vmId);
    const lost = notAccepted(losses, acceptLosses);
    if (lost.length > 0)
      throw new MedicError('LossesNotAccepted', `A rebuild would lose: ${tellLosses(lost)}.`);
    const name = 'vm-definition.json';
    const url = await evidence.keep(remediationId, name, JSON.stringify(whole, null, 2));
    return { definition, evidence: { name: 'VM definition before the rebuild', url } };
  });
  implement(ACTIVITIES.readDisk, async ({ diskId }) => ({ disk: (await readDisk(azure, diskId)) ?? null }));
  implementMandated(deps, ACTIVITIES.beginSwapOsDisk, ({ diskId, diskUniqueId, ...deed }) =>
    beginSwapOsDisk(deps, deed, { id: diskId, uniqueId: diskUniqueId }),
  );
  implementMandated(deps, ACTIVITIES.beginDetachOnDelete, (deed) => beginDetachOnDelete(deps, deed));
  implementMandated(deps, ACTIVITIES.beginDeleteVm, (deed) => beginDeleteVm(deps, deed));
  implementMandated(
    deps,
    ACTIVITIES.beginRecreateVm,
    ({ osDiskId, diskUniqueId, definition, deletedBy, ...deed }) => {
      const osDisk = { id: osDiskId, uniqueId: diskUniqueId };
      return beginRecreateVm(deps, deed, { osDisk, definition, deletedBy });
    },
  );
  implementMandated(deps, ACTIVITIES.beginMarkDisk, ({ diskId, role, unlessUsed, of, ...maker }) => {
    const owner = { ...maker, deployment, remediationId: of ?? maker.remediationId };
    return beginMarkDisk(azure, diskId, owner, { role, unlessUsed });
  });
  implementMandated(deps, ACTIVITIES.beginReleaseDisk, ({ diskId, remediationId, of = remediationId }) =>
    beginReleaseDisk(azure, diskId, { deployment, remediationId: of }),
  );
}
