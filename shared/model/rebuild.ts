import * as z from 'zod';

/** What a VM that is built again around another OS disk does not get back; a request has to accept each by its name. */
export const LOSSES = {
  'vm-id': "the VM's own id, and with it backup, monitoring, maintenance and licenses that refer to it",
  'system-assigned-identity': 'the system-assigned identity: its role assignments must be granted again',
  'os-profile': "the OS profile: patch settings, computer name and certificates in the VM's settings",
  extensions: 'the extensions, whose protected settings cannot be read',
  'delete-options': 'the setting that deletes disks or network interfaces with the VM',
  placement:
    'the placement: the availability set, proximity group, host, scale set or reservation may have no capacity for it',
  plan: 'the marketplace plan: its offer may be closed to new VMs',
  'trusted-launch-state': 'the state of the virtual TPM: BitLocker may ask for its recovery key',
} as const;

export type Loss = keyof typeof LOSSES;

export const lossSchema = z.enum([
  'vm-id',
  'system-assigned-identity',
  'os-profile',
  'extensions',
  'delete-options',
  'placement',
  'plan',
  'trusted-launch-state',
] satisfies Loss[]);

/** A VM's settings as JSON, as ARM spelled them. */
export const vmDefinitionSchema = z.record(z.string(), z.json());
export type VmDefinition = z.infer<typeof vmDefinitionSchema>;

/** Those of the losses that a request does not accept. */
export function notAccepted(losses: readonly Loss[], accepted: readonly Loss[]): Loss[] {
  return losses.filter((loss) => !accepted.includes(loss));
}

/** A sentence that names them, as a request has to, and what each means. */
export function tellLosses(losses: readonly Loss[]): string {
  return losses.map((loss) => `${loss} (${LOSSES[loss]})`).join('; ');
}
