import * as z from 'zod';
import { refuseExtensions } from '../compute/extension-refusals.ts';
import { parentVm } from '../compute/parent-vm.ts';
import { settle } from '../compute/provisioning.ts';
import { waitForAgent } from '../compute/script-run.ts';
import { extensionToWire } from '../compute/vm-wire.ts';
import type { Context } from '../context.ts';
import { resourceNotFound } from '../errors.ts';
import { ok, page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import { groupOf, nameOf } from '../store/resource-id.ts';
import type { Extension, VirtualMachine } from '../store/resources.ts';
import { touch } from '../store/store.ts';
import { SECONDS } from '../timings.ts';
import { readBody, readOnly, stored, wire } from '../wire.ts';

const TYPE = 'Microsoft.Compute/virtualMachines/extensions';
const COLLECTION = `${PATHS.groupCompute}/virtualMachines/:name/extensions`;
const ONE = `${COLLECTION}/:extension`;

/** Extensions; the service reads them, others put and update them (automatic upgrades among those). */
export const vmExtensionRoutes: Route[] = [
  { method: 'GET', path: COLLECTION, action: `${TYPE}/read`, handle: list },
  { method: 'GET', path: ONE, action: `${TYPE}/read`, handle: get },
  { method: 'PUT', path: ONE, action: `${TYPE}/write`, handle: createOrUpdate },
  { method: 'DELETE', path: ONE, action: `${TYPE}/delete`, handle: remove },
];

const bodySchema = wire('VirtualMachineExtension', {
  ...readOnly('id', 'name', 'type'),
  location: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: wire('VirtualMachineExtensionProperties', {
    ...readOnly('provisioningState', 'instanceView'),
    publisher: z.string(),
    type: z.string(),
    typeHandlerVersion: z.string(),
    ...stored('settings', 'protectedSettings', 'autoUpgradeMinorVersion', 'enableAutomaticUpgrade'),
    ...stored(
      'forceUpdateTag',
      'suppressFailures',
      'protectedSettingsFromKeyVault',
      'provisionAfterExtensions',
    ),
  }),
});

const vmOf = (request: ArmRequest, context: Context): VirtualMachine => parentVm(context, request.target);

const find = (vm: VirtualMachine, name: string): Extension | undefined =>
  vm.extensions.find((extension) => extension.name.toLowerCase() === name.toLowerCase());

function list(request: ArmRequest, context: Context): ArmAnswer {
  const vm = vmOf(request, context);
  return page(vm.extensions.map((extension) => extensionToWire(vm, extension)));
}

function get(request: ArmRequest, context: Context): ArmAnswer {
  const vm = vmOf(request, context);
  const name = param(request, 'extension');
  const extension = find(vm, name);
  if (!extension) throw resourceNotFound(TYPE, `${vm.name}/${name}`, nameOf(groupOf(vm.id)));
  return ok(extensionToWire(vm, extension));
}

function createOrUpdate(request: ArmRequest, context: Context): ArmAnswer {
  const vm = vmOf(request, context);
  const { properties } = readBody(bodySchema, request.body);
  const { publisher, type, typeHandlerVersion: version } = properties;
  const existing = find(vm, param(request, 'extension'));
  const extension: Extension = { name: param(request, 'extension'), publisher, type, version };
  const operation = change(request, context, vm, () => {
    vm.extensions = existing
      ? vm.extensions.map((other) => (other === existing ? extension : other))
      : [...vm.extensions, extension];
    return ok(extensionToWire(vm, extension));
  });
  return { status: existing ? 200 : 201, body: extensionToWire(vm, extension), operation };
}

function remove(request: ArmRequest, context: Context): ArmAnswer {
  const vm = vmOf(request, context);
  const extension = find(vm, param(request, 'extension'));
  if (!extension) return { status: 204 };
  const operation = change(request, context, vm, () => {
    vm.extensions = vm.extensions.filter((other) => other !== extension);
    return { status: 200 };
  });
  return { status: 202, operation };
}

/** The VM is busy while its agent works on an extension, and has another ETag afterwards. */
function change(
  request: ArmRequest,
  context: Context,
  vm: VirtualMachine,
  apply: () => ArmAnswer,
): ReturnType<Context['operations']['begin']> {
  refuseExtensions(vm);
  const operation = context.operations.begin(request, {
    family: 'compute',
    location: vm.location,
    exclusive: vm.id,
    async work(passage) {
      await waitForAgent(context, vm, passage);
      await passage.pass(SECONDS.extension);
      settle(context, vm, 'Succeeded');
      touch(vm);
      return apply();
    },
    failed(error) {
      if (error.code !== 'OperationPreempted') settle(context, vm, 'Failed');
    },
  });
  vm.provisioningState = 'Updating';
  return operation;
}
