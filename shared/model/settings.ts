import * as z from 'zod';

/** How a VM is taken down: `powerOff` keeps its host, its temporary disk and a dynamic address. */
export const takeDownSchema = z.enum(['deallocate', 'powerOff']);
export type TakeDown = z.infer<typeof takeDownSchema>;

/** What of the app's settings a remediation goes by: read once, at its beginning. */
export const settingsSchema = z.object({
  /** Whether an account is set as which a peer acts on another VM. */
  peerAccount: z.boolean(),
  takeDown: takeDownSchema,
  /** Missing in histories from before it was told. */
  rescueVmSize: z.string().optional(),
  /** When the offline repair is rehearsed. */
  rehearse: z.enum(['always', 'when-serving']),
  /** The subnet in which the rescue VM stands; that of the VM where none is set. */
  rescueSubnetId: z.string().nullable().default(null),
  /** The resource group in which the rescue VM is made; that of the VM where none is set. */
  rescueGroup: z.string().nullable().default(null),
});
export type Settings = z.infer<typeof settingsSchema>;
