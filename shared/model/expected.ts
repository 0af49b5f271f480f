import { z } from 'zod';

/**
 * How a VM and its OS disk stood when they were last looked at: what every disruptive deed compares with right before it writes.
 * Only what says whose work would be lost is kept; tags, extensions, agent, NICs and provisioning states move by themselves.
 */
export const expectedSchema = z.object({
  /** `properties.vmId`: a VM that is made again under the same name has another. */
  vmId: z.string(),
  osDiskId: z.string(),
  osDiskUniqueId: z.string(),
  /** Last word of the `PowerState/…` status. */
  power: z.string(),
  /** As the disk says it; only `Reserved` means that its VM is deallocated. */
  diskState: z.string(),
  /** When the disk was last attached or detached, or its VM started or deallocated; `null` where Azure does not say. */
  ownershipUpdatedAt: z.iso.datetime().nullable(),
});
export type Expected = z.infer<typeof expectedSchema>;
