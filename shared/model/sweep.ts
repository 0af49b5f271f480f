import { z } from 'zod';
import { durableCall } from './durable-call.ts';
import { operationSchema } from './operation.ts';

/** A resource group, and the VMs in it that were ever remediated. */
export const groupSchema = z.object({
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  vmIds: z.array(z.string()),
});
export type Group = z.infer<typeof groupSchema>;

/** A resource that carries our tags, with what must be known before it may be deleted. */
export const sweepableSchema = z.object({
  id: z.string(),
  role: z.string(),
  remediationId: z.string(),
  /** ISO 8601; empty where the tag is missing. */
  expiresAt: z.string(),
  /** What uses it: the VM it is attached to, a transfer under way; null for nothing. */
  usedBy: z.string().nullable(),
  /** Whether its name is one that this remediation gives: tags alone are copied easily. */
  ownName: z.boolean(),
  /** Whether the VM that was remediated is still there. */
  vmExists: z.boolean(),
});
export type Sweepable = z.infer<typeof sweepableSchema>;

/** What the janitor did in a resource group. */
export const sweptSchema = z.object({
  removed: z.array(z.string()),
  /** What should go and could not, or is for a person to decide. */
  left: z.array(z.object({ id: z.string(), why: z.string() })),
});
export type Swept = z.infer<typeof sweptSchema>;

/** The contract of the janitor's activities. */
export const SWEEP = {
  /** Every resource group in which a VM was ever remediated, by the records. */
  listGroups: durableCall('listSweptGroups', z.object({}), z.object({ groups: z.array(groupSchema) })),
  listSweepable: durableCall('listSweepable', groupSchema, z.object({ resources: z.array(sweepableSchema) })),
  /** Which of these remediations the durable engine still runs. */
  findRunning: durableCall(
    'findRunning',
    z.object({ remediationIds: z.array(z.string()) }),
    z.object({ running: z.array(z.string()) }),
  ),
  /** Looks at the resource once more, and deletes it only where nothing has changed. */
  beginSweep: durableCall(
    'beginSweep',
    z.object({ id: z.string(), remediationId: z.string() }),
    operationSchema,
  ),
  /** Deletes what intake remembers of the time before. */
  sweepIntake: durableCall(
    'sweepIntake',
    z.object({ before: z.iso.datetime() }),
    z.object({ removed: z.int() }),
  ),
} as const;
