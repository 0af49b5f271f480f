import { ArmError } from '../errors.ts';
import type { Disk, VirtualMachine } from '../store/resources.ts';

/**
 * Whether an OS disk fits under a VM (azure-sdk-for-python#30479: the answer to a VM that was created with such a disk; that a swap is
 * answered in the same words is not documented).
 * @throws ArmError 400 BadRequest
 */
export function requireSecurityType(vm: VirtualMachine, disk: Disk): void {
  const wanted = kindOf(vm.properties.securityProfile?.securityType);
  if (kindOf(disk.properties.securityProfile?.securityType) === wanted) return;
  throw new ArmError(
    400,
    'BadRequest',
    'Security type of VM is not compatible with the security type of attached OS Disk.',
    { target: 'osDisk' },
  );
}

/** Disks name the kind of confidential VM more exactly than VMs do. */
function kindOf(type: string | undefined): string {
  if (type === undefined || type === 'Standard') return 'Standard';
  return type.startsWith('ConfidentialVM') ? 'ConfidentialVM' : type;
}
