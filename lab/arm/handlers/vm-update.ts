import { linkedEncryptionOfVm, linkedReservation } from '../access/links.ts';
import type { Demand } from '../access/roles.ts';
import { applyDataDisks, planDataDisks, reserveDisks, type DataDiskChange } from '../compute/attach.ts';
import { requireOffered } from '../compute/capacity.ts';
import { planOsDisk, swapOsDisk } from '../compute/os-disk-swap.ts';
import { settle } from '../compute/provisioning.ts';
import { vmUpdateSchema, type VmUpdate } from '../compute/vm-schema.ts';
import { vmEtag, vmToWire } from '../compute/vm-wire.ts';
import type { Context } from '../context.ts';
import { operationNotAllowed, preconditionFailed, propertyChangeNotAllowed } from '../errors.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import { at, toJsonObject } from '../store/json.ts';
import { sameId } from '../store/resource-id.ts';
import type { Disk, VirtualMachine } from '../store/resources.ts';
import { touch } from '../store/store.ts';
import { SECONDS } from '../timings.ts';
import { readBody } from '../wire.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';

export const vmUpdateRoutes: Route[] = [
  {
    method: 'PATCH',
    path: `${PATHS.groupCompute}/virtualMachines/:name`,
    action: `${TYPE}/write`,
    linked: linkedByBody,
    handle: (request, context) =>
      updateVm(
        request,
        context,
        context.store.virtualMachines.get(request.target),
        readBody(vmUpdateSchema, request.body),
      ),
  },
];

/** A VM that names disks and NICs needs the right to use them. */
export function linkedByBody({ body }: ArmRequest, { store }: Context): Demand[] {
  const properties = vmUpdateSchema.shape.properties.safeParse(at(body, 'properties')).data;
  const { osDisk, dataDisks = [] } = properties?.storageProfile ?? {};
  const disks = [osDisk, ...dataDisks].flatMap((disk) => disk?.managedDisk?.id ?? []);
  const nics = (properties?.networkProfile?.networkInterfaces ?? []).flatMap(({ id }) => id ?? []);
  const identities = Object.keys(toJsonObject(at(body, 'identity', 'userAssignedIdentities')));
  return [
    ...disks
      .filter((id) => store.disks.find(id))
      .map((scope) => ({ action: 'Microsoft.Compute/disks/write', scope })),
    ...nics.map((scope) => ({ action: 'Microsoft.Network/networkInterfaces/join/action', scope })),
    ...identities.map((scope) => ({
      action: 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
      scope,
    })),
    ...linkedEncryptionOfVm(body),
    ...linkedReservation(body),
  ];
}

/**
 * Changes a VM, as PATCH and as PUT on one that is there: what the body names is changed, the rest stays.
 * @throws ArmError 412 for another etag; 409 for what may not change, or not now
 */
export function updateVm(
  request: ArmRequest,
  context: Context,
  vm: VirtualMachine,
  body: VmUpdate,
): ArmAnswer {
  requireEtag(request, vm);
  const { storageProfile } = body.properties ?? {};
  refuseFixed(vm, body);
  const osDisk = planOsDisk(context, vm, storageProfile?.osDisk);
  const dataDisks = storageProfile?.dataDisks && planDataDisks(context, vm, storageProfile.dataDisks);
  const resized = resizes(vm, body);
  if (resized) {
    const size = context.catalogue.size(body.properties?.hardwareProfile?.vmSize ?? '');
    requireOffered(context.catalogue, size, vm.zones);
  }
  const seconds = osDisk
    ? SECONDS.osDiskSwap
    : dataDisks && changes(dataDisks)
      ? SECONDS.attachDetach
      : resized
        ? SECONDS.resize
        : SECONDS.vmUpdate;

  const operation = context.operations.begin(request, {
    family: 'compute',
    location: vm.location,
    exclusive: vm.id,
    async work({ pass, linger }) {
      await pass(seconds);
      // A running VM goes down for another OS disk or another size, and comes back (resize-vm.md).
      const reboots = vm.power === 'running' && (osDisk !== undefined || resized);
      if (reboots) {
        context.operations.preemptBelow(vm.id);
        await context.machines.powerOff(vm);
      }
      apply(context, vm, body, osDisk, dataDisks);
      if (reboots) await context.machines.powerOn(vm);
      await linger();
      settle(context, vm, 'Succeeded');
      return ok(vmToWire(context, vm));
    },
    failed: () => {
      settle(context, vm, 'Failed');
      putBack();
    },
  });
  const putBack = reserve(context, vm, osDisk, dataDisks);
  vm.provisioningState = 'Updating';
  return { status: 200, body: vmToWire(context, vm), headers: { ETag: vmEtag(vm) }, operation };
}

function apply(
  context: Context,
  vm: VirtualMachine,
  body: VmUpdate,
  osDisk: Disk | undefined,
  dataDisks: DataDiskChange | undefined,
): void {
  if (osDisk) swapOsDisk(context, vm, osDisk);
  if (dataDisks) applyDataDisks(context, vm, dataDisks);
  const { storageProfile, networkProfile, hardwareProfile, osProfile: _, ...rest } = body.properties ?? {};
  const current = vm.properties.storageProfile?.osDisk;
  if (current && storageProfile?.osDisk) {
    const { caching, deleteOption, diskSizeGB } = storageProfile.osDisk;
    Object.assign(current, defined({ caching, deleteOption, diskSizeGB }));
  }
  Object.assign(
    vm.properties,
    defined(rest),
    hardwareProfile && { hardwareProfile: { ...vm.properties.hardwareProfile, ...hardwareProfile } },
  );
  for (const { id, properties } of networkProfile?.networkInterfaces ?? []) {
    const reference = vm.properties.networkProfile?.networkInterfaces?.find((candidate) =>
      sameId(candidate.id, id),
    );
    if (reference && properties) reference.properties = { ...reference.properties, ...properties };
  }
  if (body.tags) vm.tags = body.tags;
  if (body.identity !== undefined) vm.identity = body.identity;
  touch(vm);
}

/** Nobody else may take the disks meanwhile. */
function reserve(
  context: Context,
  vm: VirtualMachine,
  osDisk: Disk | undefined,
  dataDisks: DataDiskChange | undefined,
): () => void {
  const putBack = dataDisks && reserveDisks(context, vm, dataDisks);
  if (osDisk) osDisk.managedBy = vm.id;
  return () => {
    putBack?.();
    if (osDisk) delete osDisk.managedBy;
  };
}

function refuseFixed(vm: VirtualMachine, { properties, zones }: VmUpdate): void {
  if (vm.provisioningState === 'Deleting') {
    throw operationNotAllowed(
      `Operation 'update' is not allowed on VM '${vm.name}' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).`,
    );
  }
  if (zones && zones[0] !== vm.zones?.[0]) throw propertyChangeNotAllowed('zones');
  const { osProfile, availabilitySet, networkProfile } = properties ?? {};
  const before = vm.properties;
  if (availabilitySet && !sameId(availabilitySet.id, before.availabilitySet?.id))
    throw propertyChangeNotAllowed('availabilitySet.id');
  for (const name of ['adminPassword', 'customData'] as const) {
    if (osProfile?.[name] !== undefined) throw propertyChangeNotAllowed(`osProfile.${name}`);
  }
  const nics = networkProfile?.networkInterfaces;
  if (
    nics &&
    nics.length !== before.networkProfile?.networkInterfaces?.length &&
    vm.power !== 'deallocated'
  ) {
    throw operationNotAllowed(
      `Operation 'update' is not allowed on VM '${vm.name}' since the VM is not deallocated.`,
    );
  }
}

/** @throws ArmError 412 PreconditionFailed */
export function requireEtag({ headers }: ArmRequest, vm: VirtualMachine): void {
  const given = headers['if-match'];
  if (given !== undefined && given !== '*' && given !== vmEtag(vm))
    throw preconditionFailed(given, vmEtag(vm));
  if (headers['if-none-match'] === '*') throw preconditionFailed('*', vmEtag(vm));
}

function resizes(vm: VirtualMachine, { properties }: VmUpdate): boolean {
  const wanted = properties?.hardwareProfile?.vmSize;
  return (
    wanted !== undefined && wanted.toLowerCase() !== vm.properties.hardwareProfile?.vmSize?.toLowerCase()
  );
}

function changes({ attach, detach }: DataDiskChange): boolean {
  return attach.length + detach.length > 0;
}

function defined(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
