import * as z from 'zod';
import { mandate } from './mandate.ts';

/**
 * How a VM and its OS disk stood when they were last looked at: what every disruptive deed compares with right before it writes.
 * Only what says whose work would be lost is kept; tags, extensions, agent, NICs and provisioning states move by themselves.
 */
export const expectedSchema = z.object({
  /** `properties.vmId`: a VM that is made again under the same name has another. */
  vmId: z.string(),
  /** Lower-cased. */
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

/** What can be done to a VM that may cost somebody's work. */
export const deedKindSchema = z.enum([
  'deallocate',
  'power-off',
  'start',
  'restart',
  'swap-os-disk',
  'detach-on-delete',
  'delete-vm',
  'recreate-vm',
]);
export type DeedKind = z.infer<typeof deedKindSchema>;

/** What every disruptive activity is told: on which VM, as whom, under which intent, and how it has to stand. */
export const deedSchema = z.object({
  /** Resource id of the VM. */
  vmId: z.string(),
  ...mandate,
  /** Name of the intent that is written before the call. */
  intent: z.string(),
  expected: expectedSchema,
});
export type Deed = z.infer<typeof deedSchema>;

/** A deed that was asked for: what is looked at afterwards is compared with what it was to bring about. */
export const askedSchema = z.object({
  kind: deedKindSchema,
  deed: deedSchema,
  /** The OS disk that it puts under the VM, where it is such a deed. */
  osDiskId: z.string().nullable(),
  /** Whether Azure said that it succeeded; otherwise it may have come about, or not. */
  ended: z.boolean(),
});
export type Asked = z.infer<typeof askedSchema>;
