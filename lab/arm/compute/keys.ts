import type { Context } from '../context.ts';
import { ArmError } from '../errors.ts';
import type { Disk, Snapshot } from '../store/resources.ts';

/**
 * Whether the keys of disks can be used. With a key that is disabled, deleted or expired nothing is made that it would encrypt, and no VM
 * starts that has such a disk: it "goes into failed state when we deallocate and start" (azure-docs#123768). Code and text are our own.
 * @throws ArmError, which ends the operation
 */
export function requireKeys({ disabledKeys }: Context, ...disks: readonly (Disk | Snapshot)[]): void {
  for (const { properties, name } of disks) {
    const set = properties.encryption?.diskEncryptionSetId;
    if (set === undefined || !disabledKeys.has(set.toLowerCase())) continue;
    throw new ArmError(
      409,
      'KeyVaultKeyDisabled',
      `The key of the disk encryption set ${set}, with which ${name} is encrypted, is disabled.`,
    );
  }
}
