import type { VmDirectory } from '../intake/ports.ts';
import { MedicError } from '../errors.ts';
import type { Azure } from './clients.ts';
import { readStanding } from './compare.ts';
import { osTypeOf, powerStateOf, readVm, requireVmId } from './inspect-vm.ts';

/** Looks VMs up in Azure. A VM the service may not read is as good as none: nobody learns from us that it exists. */
export function createVmDirectory(azure: Azure): VmDirectory {
  return {
    async find(vmId) {
      try {
        const { id, name } = requireVmId(vmId);
        const vm = await readVm(azure, vmId);
        return {
          id,
          name: vm.name ?? name,
          location: vm.location,
          osType: osTypeOf(vm) === 'Linux' ? 'Linux' : 'Windows',
          powerState: powerStateOf(vm),
          provisioningState: vm.provisioningState ?? 'Unknown',
          tags: vm.tags ?? {},
        };
      } catch (error) {
        if (error instanceof MedicError && (error.code === 'VmNotFound' || error.code === 'AccessDenied'))
          return undefined;
        throw error;
      }
    },
    standingOf: async (vmId) => (await readStanding(azure, vmId))?.now,
  };
}
