import * as z from 'zod';

/** What makes it less sure that Azure finds a host for a VM that was deallocated, or lets it start. */
export const startRiskSchema = z.enum([
  'availability-set',
  'proximity-group',
  'dedicated-host',
  'capacity-reservation',
  'spot',
  'scale-set',
  'zone',
  'accelerated-networking',
  'fast-disks',
  'customer-key',
]);
export type StartRisk = z.infer<typeof startRiskSchema>;
