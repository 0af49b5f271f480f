import { at, type JsonValue } from '../store/json.ts';
import type { Demand } from './roles.ts';

/** A right on each of what a body names; ids in a body may lack the leading slash. */
export function onEach(action: string, ids: readonly JsonValue[]): Demand[] {
  return ids.flatMap((id) =>
    typeof id === 'string' && id !== '' ? [{ action, scope: `/${id.replace(/^\//, '')}` }] : [],
  );
}

/** Ids of a list of references, `[{ id }]`. */
export function idsOf(list: JsonValue): JsonValue[] {
  return Array.isArray(list) ? list.map((entry) => at(entry, 'id')) : [];
}

/** The encryption set of a disk or a snapshot (azuredisk-csi-driver#2610: the 403 without it). */
export function linkedEncryption(body: JsonValue): Demand[] {
  return useOfSets([at(body, 'properties', 'encryption', 'diskEncryptionSetId')]);
}

/** Those of a VM's disks, where its body names them: Virtual Machine Contributor lacks the right (a real 403, in blakedrumm.com, 2024). */
export function linkedEncryptionOfVm(body: JsonValue): Demand[] {
  const dataDisks = at(body, 'properties', 'storageProfile', 'dataDisks');
  const disks = [
    at(body, 'properties', 'storageProfile', 'osDisk'),
    ...(Array.isArray(dataDisks) ? dataDisks : []),
  ];
  return useOfSets(disks.map((disk) => at(disk, 'managedDisk', 'diskEncryptionSet', 'id')));
}

function useOfSets(ids: readonly JsonValue[]): Demand[] {
  return onEach('Microsoft.Compute/diskEncryptionSets/read', ids);
}

/** The reservation a VM draws from (learn.microsoft.com, Azure permissions for Compute). */
export function linkedReservation(body: JsonValue): Demand[] {
  return onEach('Microsoft.Compute/capacityReservationGroups/deploy/action', [
    at(body, 'properties', 'capacityReservation', 'capacityReservationGroup', 'id'),
  ]);
}

/** The application security groups of a rule (learn.microsoft.com, Create, change, or delete a network security group, permissions). */
export function linkedApplicationGroups({ body }: { body: JsonValue }): Demand[] {
  return onEach(
    'Microsoft.Network/applicationSecurityGroups/joinNetworkSecurityRule/action',
    (['sourceApplicationSecurityGroups', 'destinationApplicationSecurityGroups'] as const).flatMap((name) =>
      idsOf(at(body, 'properties', name)),
    ),
  );
}
