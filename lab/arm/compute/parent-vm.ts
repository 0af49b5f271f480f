import type { Context } from '../context.ts';
import { parentResourceNotFound } from '../errors.ts';
import { nameOf } from '../store/resource-id.ts';
import type { VirtualMachine } from '../store/resources.ts';
import { requireGroup } from '../store/store.ts';

/**
 * The VM that a run command or an extension belongs to, by the id of either or of their collection.
 * @throws ArmError 404 ResourceGroupNotFound or ParentResourceNotFound
 */
export function parentVm({ store }: Pick<Context, 'store'>, id: string): VirtualMachine {
  const vmId = id.replace(/\/(runCommands|extensions)(\/[^/]+)?$/i, '');
  requireGroup(store, vmId);
  const vm = store.virtualMachines.find(vmId);
  if (!vm) throw parentResourceNotFound(nameOf(vmId));
  return vm;
}
