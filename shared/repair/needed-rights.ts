import type { Inspection } from '../model/inspection.ts';
import type { RemediationRequest } from '../model/request.ts';
import type { ByPart, Needed } from '../model/rights.ts';
import type { Settings } from '../model/settings.ts';
import { groupIdOf } from '../model/vm-id.ts';

const COMPUTE = 'Microsoft.Compute';
const VM = `${COMPUTE}/virtualMachines`;
const NETWORK = 'Microsoft.Network';

/**
 * The actions of `infra/role-definition.json` that this request on this VM needs, each where it is needed. Rights on what a body refers
 * to in other resources (identities, reservations, application security groups) are not listed: nobody can tell from here which of them Azure
 * will ask for; the rehearsal shows it. Rules of security groups are no condition: who may not write them is told that they stay.
 */
export function neededRights(
  vm: Inspection,
  request: RemediationRequest,
  settings: Settings,
): ByPart<Needed[]> {
  const { mode, options } = request;
  const group = groupIdOf(vm.vmId);
  const always: Needed[] = [
    { scope: vm.vmId, actions: onVm('runCommands/read', 'runCommands/write', 'runCommands/delete') },
  ];
  if (mode === 'diagnose' || vm.osDisk === null) return { always, offline: [] };

  const { id: diskId, diskEncryptionSetId } = vm.osDisk;
  const diskGroup = groupIdOf(diskId);
  always.push(
    { scope: diskId, actions: disks('beginGetAccess/action') },
    { scope: diskGroup, actions: snapshots('read', 'write') },
  );
  if (mode !== 'rehearse') always.push({ scope: vm.vmId, actions: onVm('restart/action', 'start/action') });
  // What is never kept must be deleted: the rehearsal's own snapshot.
  else always.push({ scope: diskGroup, actions: snapshots('delete') });
  if (mode === 'online') return { always, offline: [] };

  const offline: Needed[] = [
    {
      scope: diskGroup,
      actions: [...disks('read', 'write', 'delete'), ...snapshots('beginGetAccess/action', 'delete')],
    },
    {
      scope: group,
      actions: [
        ...onVm('read', 'write', 'delete', 'attachDetachDataDisks/action'),
        ...onVm('runCommands/read', 'runCommands/write'),
        ...networkInterfaces('read', 'write', 'delete', 'join/action'),
      ],
    },
    ...vm.nics.slice(0, 1).flatMap(({ subnetId }) =>
      subnetId === null
        ? []
        : [
            {
              scope: subnetId,
              actions: [
                `${NETWORK}/virtualNetworks/subnets/join/action`,
                `${NETWORK}/virtualNetworks/subnets/read`,
              ],
            },
          ],
    ),
    ...(diskEncryptionSetId === null
      ? []
      : [{ scope: diskEncryptionSetId, actions: [`${COMPUTE}/diskEncryptionSets/read`] }]),
  ];
  if (mode === 'full')
    offline.push({
      scope: vm.vmId,
      actions: onVm(
        'write',
        `${settings.takeDown}/action`,
        // Where Azure refuses the swap on a VM that is merely stopped.
        'deallocate/action',
        ...(options.restoreWay === 'rebuild' ? ['delete'] : []),
      ),
    });
  if (mode === 'full' && options.restoreWay === 'rebuild')
    offline.push(...vm.nics.map(({ id }) => ({ scope: id, actions: networkInterfaces('join/action') })));
  return { always, offline };
}

function onVm(...actions: string[]): string[] {
  return actions.map((action) => `${VM}/${action}`);
}

function disks(...actions: string[]): string[] {
  return actions.map((action) => `${COMPUTE}/disks/${action}`);
}

function snapshots(...actions: string[]): string[] {
  return actions.map((action) => `${COMPUTE}/snapshots/${action}`);
}

function networkInterfaces(...actions: string[]): string[] {
  return actions.map((action) => `${NETWORK}/networkInterfaces/${action}`);
}
