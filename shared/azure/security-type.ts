import type { Disk, Snapshot, VirtualMachine } from '@azure/arm-compute';
import { MedicError } from '../errors.ts';

type Secured = Pick<VirtualMachine | Disk | Snapshot, 'name' | 'securityProfile'>;

/**
 * A copy has its security type from what it was made of, and none in its request, which Azure would refuse (azure-cli#22561). Whether it
 * came along is read back, since under a VM of another type the disk is refused (azure-sdk-for-python#30479).
 * @throws MedicError `SwapRefused`
 */
export function requireSameSecurityType(copy: Secured, of: Secured): void {
  const [has, wanted] = [copy, of].map(({ securityProfile }) => kindOf(securityProfile?.securityType));
  if (has === wanted) return;
  throw new MedicError(
    'SwapRefused',
    `${copy.name ?? 'The copy'} has the security type ${has}, but ${of.name ?? 'its source'} has ${wanted}: Azure does not allow this swap.`,
  );
}

/** Disks name the kind of confidential VM more exactly than VMs do. */
function kindOf(type: string | undefined): string {
  if (type === undefined || type === 'Standard') return 'Standard';
  return type.startsWith('ConfidentialVM') ? 'ConfidentialVM' : type;
}
