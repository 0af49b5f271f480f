import { requireCapacity } from '../compute/capacity.ts';
import { requireKeys } from '../compute/keys.ts';
import { disksOf, moveOwnership } from '../compute/ownership.ts';
import { settle } from '../compute/provisioning.ts';
import type { Context } from '../context.ts';
import { operationNotAllowed } from '../errors.ts';
import type { ArmAnswer, ArmRequest } from '../http.ts';
import { releaseDynamicAddress, renewDynamicAddress } from '../network/public-address.ts';
import { PATHS, type Route } from '../route.ts';
import type { VirtualMachine, VmPower } from '../store/resources.ts';
import type { Passage } from '../operations.ts';
import { touch } from '../store/store.ts';
import { SECONDS } from '../timings.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';
const ONE = `${PATHS.groupCompute}/virtualMachines/:name`;

type Verb = 'start' | 'restart' | 'powerOff' | 'deallocate' | 'reapply';

export const vmPowerRoutes: Route[] = (
  ['start', 'restart', 'powerOff', 'deallocate', 'reapply'] as const
).map((verb) => ({
  method: 'POST',
  path: `${ONE}/${verb}`,
  action: `${TYPE}/${verb}/action`,
  handle: (request, context) => power(verb, request, context),
}));

function power(verb: Verb, request: ArmRequest, context: Context): ArmAnswer {
  const vm = context.store.virtualMachines.get(request.target);
  refuse(verb, vm);
  const before = vm.power;
  const operation = context.operations.begin(request, {
    family: 'compute',
    location: vm.location,
    exclusive: vm.id,
    // Whoever wants a VM off gets it off, whatever it was doing.
    preempts: verb === 'powerOff' || verb === 'deallocate',
    async work(passage) {
      await DEEDS[verb](vm, context, passage, request);
      await passage.linger();
      settle(context, vm, 'Succeeded');
      if (context.behaviour.powerMovesEtag) touch(vm);
      return { status: 200 };
    },
    failed(error) {
      // The operation that came in between looks after the VM now.
      if (error.code === 'OperationPreempted') return;
      settle(context, vm, 'Failed');
      if (verb === 'start' && context.behaviour.failedStartMovesOwnership)
        moveOwnership(context, ...disksOf(context, vm));
      const runs = context.machines.guest(vm) !== undefined;
      vm.power = verb === 'restart' && !runs ? 'stopped' : settled(before, runs);
    },
  });
  vm.provisioningState = 'Updating';
  vm.power = MEANWHILE[verb]?.(before) ?? before;
  return { status: 202, operation };
}

/** Where a VM stands after an operation that failed: as before, or, had it been under way, by whether it runs. */
function settled(before: VmPower, runs: boolean): VmPower {
  if (before === 'running' || before === 'stopped' || before === 'deallocated') return before;
  return runs ? 'running' : 'stopped';
}

function refuse(verb: Verb, vm: VirtualMachine): void {
  const off = vm.power === 'deallocated' || vm.power === 'deallocating';
  if (vm.provisioningState === 'Deleting') {
    throw operationNotAllowed(
      `Operation '${verb}' is not allowed on VM '${vm.name}' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).`,
    );
  }
  if (verb === 'powerOff' && off) {
    throw operationNotAllowed(
      `Operation 'powerOff' is not allowed on VM '${vm.name}' since the VM is either deallocated or marked to be deallocated.`,
    );
  }
  if (verb === 'restart' && vm.power !== 'running' && vm.power !== 'starting') {
    throw operationNotAllowed('The operation requires the VM to be running (or set to run).');
  }
  if (verb === 'deallocate' && vm.properties.storageProfile?.osDisk?.diffDiskSettings) {
    throw operationNotAllowed(
      "Operation 'deallocate' is not supported for VMs or VM Scale Set instances using an ephemeral OS disk.",
    );
  }
}

const MEANWHILE: Partial<Record<Verb, (before: VmPower) => VmPower>> = {
  start: (before) => (before === 'running' ? before : 'starting'),
  powerOff: () => 'stopping',
  deallocate: (before) => (before === 'deallocated' ? before : 'deallocating'),
};

const DEEDS: Record<
  Verb,
  (vm: VirtualMachine, context: Context, passage: Passage, request: ArmRequest) => Promise<void>
> = {
  async start(vm, context, { pass }) {
    if (vm.power === 'running') {
      await pass(1);
      return;
    }
    requireCapacity(context.catalogue, vm);
    await pass(SECONDS.start);
    requireKeys(context, ...disksOf(context, vm));
    renewDynamicAddress(context, vm);
    await context.machines.powerOn(vm);
    vm.power = 'running';
    moveOwnership(context, ...disksOf(context, vm));
  },
  async restart(vm, { machines, behaviour }, { pass }) {
    try {
      await pass(SECONDS.restart);
    } catch (error) {
      if (behaviour.failedRestartStops) await machines.powerOff(vm);
      throw error;
    }
    await machines.restart(vm);
  },
  async powerOff(vm, { machines, operations }, { pass }, request) {
    await pass(request.query.get('skipShutdown') === 'true' ? SECONDS.powerOffHard : SECONDS.powerOff);
    operations.preemptBelow(vm.id);
    await machines.powerOff(vm);
    vm.power = 'stopped';
  },
  async deallocate(vm, context, { pass }) {
    if (vm.power === 'deallocated') {
      await pass(1);
      return;
    }
    await pass(SECONDS.deallocate);
    context.operations.preemptBelow(vm.id);
    await context.machines.powerOff(vm);
    releaseDynamicAddress(context, vm);
    vm.power = 'deallocated';
    vm.deallocatedAt = context.clock.now();
    moveOwnership(context, ...disksOf(context, vm));
  },
  reapply: (_vm, _context, { pass }) => pass(SECONDS.reapply),
};
