import { applyDataDisks, planDataDisks } from '../compute/attach.ts';
import { requireCapacity, requireOffered, requireQuota } from '../compute/capacity.ts';
import { requireRegion } from '../compute/locations.ts';
import { disksOf, moveOwnership } from '../compute/ownership.ts';
import { requireFit } from '../compute/fit.ts';
import { requireKeys } from '../compute/keys.ts';
import { prepareOsDisk, takeOsDisk } from '../compute/new-os-disk.ts';
import { settle, waitForProvisioning } from '../compute/provisioning.ts';
import { vmBodySchema, type VmBody } from '../compute/vm-schema.ts';
import { vmEtag, vmToWire } from '../compute/vm-wire.ts';
import { timestamp, type Context } from '../context.ts';
import { ArmError, invalidParameter, invalidReference } from '../errors.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { refuseReserved, reserveNics } from '../network/nic-reservation.ts';
import { renewDynamicAddress } from '../network/public-address.ts';
import { PATHS, type Route } from '../route.ts';
import { nameOf, subscriptionOf } from '../store/resource-id.ts';
import type { NetworkInterface, VirtualMachine } from '../store/resources.ts';
import { requireGroup } from '../store/store.ts';
import { SECONDS } from '../timings.ts';
import { readBody } from '../wire.ts';
import { linkedByBody, updateVm } from './vm-update.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';

export const vmCreateRoutes: Route[] = [
  {
    method: 'PUT',
    path: `${PATHS.groupCompute}/virtualMachines/:name`,
    action: `${TYPE}/write`,
    linked: linkedByBody,
    handle: createOrUpdate,
    refused: ({ target, body }, context) => {
      if (!context.store.virtualMachines.find(target)) reserveNics(context, target, body);
    },
  },
];

function createOrUpdate(request: ArmRequest, context: Context): ArmAnswer {
  const { store } = context;
  const body = readBody(vmBodySchema, request.body);
  requireGroup(store, request.target);
  const existing = store.virtualMachines.find(request.target);
  return existing ? updateVm(request, context, existing, body) : create(request, context, body);
}

function create(request: ArmRequest, context: Context, body: VmBody): ArmAnswer {
  const { store, catalogue, operations } = context;
  requireRegion(body.location, TYPE);
  const size = catalogue.size(body.properties.hardwareProfile?.vmSize ?? '');
  requireOffered(catalogue, size, body.zones);
  requireQuota(store, catalogue, size, subscriptionOf(request.target));
  const nics = requireNics(context, request.target, body);
  const vm: VirtualMachine = {
    id: request.target,
    name: nameOf(request.target),
    type: TYPE,
    location: body.location,
    ...(body.tags && { tags: body.tags }),
    ...(body.zones && { zones: body.zones }),
    ...(body.identity !== undefined && { identity: body.identity }),
    ...(body.plan !== undefined && { plan: body.plan }),
    provisioningState: 'Creating',
    revision: 1,
    // The disks come to it below, once each has been found fit.
    properties: { ...body.properties, storageProfile: { ...body.properties.storageProfile, dataDisks: [] } },
    vmId: context.newId(),
    timeCreated: timestamp(context.clock),
    power: 'starting',
    generation: 'V1',
    osType: 'Windows',
    extensions: [],
  };
  const dataDisks = planDataDisks(context, vm, body.properties.storageProfile?.dataDisks ?? []);
  const osDisk = prepareOsDisk(context, vm, body, size);
  requireFit({ vm, size, osDisk, nics, dataDisks: dataDisks.attach });
  takeOsDisk(context, vm, osDisk);
  applyDataDisks(context, vm, dataDisks);
  for (const nic of nics) nic.virtualMachine = vm.id;
  const operation = operations.begin(request, {
    family: 'compute',
    location: vm.location,
    exclusive: vm.id,
    async work(passage) {
      requireCapacity(catalogue, vm);
      await passage.pass(SECONDS.vmAllocate);
      requireKeys(context, ...disksOf(context, vm));
      osDisk.provisioningState = 'Succeeded';
      moveOwnership(context, osDisk);
      renewDynamicAddress(context, vm);
      await context.machines.powerOn(vm);
      vm.power = 'running';
      if (body.properties.osProfile) await waitForProvisioning(context, vm, passage);
      await passage.linger();
      settle(context, vm, 'Succeeded');
      return ok(vmToWire(context, vm));
    },
    failed(error) {
      if (error.code === 'OperationPreempted') return;
      settle(context, vm, 'Failed');
      vm.power = context.machines.guest(vm) ? 'running' : 'stopped';
    },
  });
  store.virtualMachines.put(vm);
  return { status: 201, body: vmToWire(context, vm), headers: { ETag: vmEtag(vm) }, operation };
}

/** The VM's NICs, which must be there and free. */
function requireNics({ store, clock }: Context, vmId: string, { properties }: VmBody): NetworkInterface[] {
  const ids = (properties.networkProfile?.networkInterfaces ?? []).flatMap(({ id }) => id ?? []);
  if (properties.networkProfile?.networkInterfaceConfigurations !== undefined) {
    throw new ArmError(
      501,
      'LabRouteNotImplemented',
      'The lab does not make network interfaces from networkInterfaceConfigurations.',
    );
  }
  if (ids.length === 0) throw invalidParameter('networkProfile');
  return ids.map((id) => {
    const nic = store.networkInterfaces.find(id);
    if (!nic) throw invalidReference(id, vmId);
    refuseReserved(clock, nic, vmId);
    if (nic.virtualMachine === undefined) return nic;
    throw new ArmError(
      400,
      'NicInUse',
      `Network Interface ${nic.id} is used by existing resource ${nic.virtualMachine}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
    );
  });
}
