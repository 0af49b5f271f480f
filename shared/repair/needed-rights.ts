import type { Inspection } from '../model/inspection.ts';
import type { Mode, RemediationRequest } from '../model/request.ts';
import type { ByPart, Needed } from '../model/rights.ts';
import type { Settings } from '../model/settings.ts';
import { groupIdOf, withGroup } from '../model/vm-id.ts';

const COMPUTE = 'Microsoft.Compute';
const VM = `${COMPUTE}/virtualMachines`;
const NETWORK = 'Microsoft.Network';

/**
 * The actions of `infra/role-definition.json` that this request on this VM needs, each where it is needed. What reads the VM at first is
 * not among them: who lacks that is told so by Azure before anything else. Nor are rules of security groups, which are no condition: where
 * they cannot be written they stay as they are, and the report says so.
 */
export function neededRights(
  vm: Inspection,
  request: RemediationRequest,
  settings: Settings,
): ByPart<Needed[]> {
  const { mode } = request;
  const always = [...forScripts(vm), ...(mode === 'diagnose' ? [] : forSnapshot(vm, mode))];
  const offline = mode === 'full' || mode === 'rehearse' ? forRehearsal(vm, settings) : [];
  if (mode === 'full') offline.push(...forGoingDown(vm, request, settings));
  return { always, offline };
}

function forScripts({ vmId }: Inspection): Needed[] {
  return [
    {
      scope: vmId,
      actions: [`${VM}/runCommands/read`, `${VM}/runCommands/write`, `${VM}/runCommands/delete`],
    },
    { scope: groupIdOf(vmId), actions: [`${COMPUTE}/locations/operations/read`] },
  ];
}

function forSnapshot({ vmId, osDisk }: Inspection, mode: Mode): Needed[] {
  if (osDisk === null) return [];
  return [
    { scope: osDisk.id, actions: [`${COMPUTE}/disks/beginGetAccess/action`] },
    {
      scope: groupIdOf(osDisk.id),
      actions: [
        `${COMPUTE}/snapshots/read`,
        `${COMPUTE}/snapshots/write`,
        `${COMPUTE}/locations/diskOperations/read`,
        // That of a dry run is not kept.
        ...(mode === 'rehearse' ? [`${COMPUTE}/snapshots/delete`] : []),
      ],
    },
    ...forKey(osDisk),
    ...(mode === 'rehearse'
      ? []
      : [{ scope: vmId, actions: [`${VM}/restart/action`, `${VM}/start/action`] }]),
  ];
}

/** A snapshot or a copy is encrypted with the key of its disk, which Azure lets nobody refer to who may not read it. */
function forKey({ diskEncryptionSetId: scope }: { diskEncryptionSetId: string | null }): Needed[] {
  return scope === null ? [] : [{ scope, actions: [`${COMPUTE}/diskEncryptionSets/read`] }];
}

function forRehearsal(
  { vmId, osDisk, nics }: Inspection,
  { rescueSubnetId, rescueGroup }: Settings,
): Needed[] {
  if (osDisk === null) return [];
  const subnetId = rescueSubnetId ?? nics[0]?.subnetId ?? null;
  const subnet = `${NETWORK}/virtualNetworks/subnets`;
  return [
    {
      scope: groupIdOf(osDisk.id),
      actions: [
        ...['read', 'write', 'delete'].map((action) => `${COMPUTE}/disks/${action}`),
        ...['beginGetAccess/action', 'delete'].map((action) => `${COMPUTE}/snapshots/${action}`),
      ],
    },
    {
      scope: rescueGroup === null ? groupIdOf(vmId) : withGroup(vmId, rescueGroup),
      actions: [
        ...(rescueGroup === null ? [] : [`${COMPUTE}/disks/read`, `${COMPUTE}/disks/delete`]),
        ...['read', 'write', 'delete', 'attachDetachDataDisks/action'].map((action) => `${VM}/${action}`),
        ...['read', 'write'].map((action) => `${VM}/runCommands/${action}`),
        ...['read', 'write', 'delete', 'join/action'].map(
          (action) => `${NETWORK}/networkInterfaces/${action}`,
        ),
        `${NETWORK}/locations/operations/read`,
      ],
    },
    ...(subnetId === null ? [] : [{ scope: subnetId, actions: [`${subnet}/join/action`, `${subnet}/read`] }]),
  ];
}

function forGoingDown(
  { vmId, nics, rebuildRights }: Inspection,
  { options }: RemediationRequest,
  { takeDown }: Settings,
): Needed[] {
  // Where Azure refuses the swap on a VM that is merely stopped, it is deallocated after all.
  const down = [...new Set([takeDown, 'deallocate'])].map((way) => `${VM}/${way}/action`);
  const swap = [{ scope: vmId, actions: [`${VM}/write`, ...down] }];
  if (options.restoreWay === 'swap') return swap;
  return [
    ...swap,
    { scope: vmId, actions: [`${VM}/delete`] },
    ...nics.map(({ id }) => ({ scope: id, actions: [`${NETWORK}/networkInterfaces/join/action`] })),
    ...rebuildRights,
  ];
}
