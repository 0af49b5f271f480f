import * as z from 'zod';
import { durableCall } from './durable-call.ts';
import { operationSchema } from './operation.ts';

/** The types of Azure's resources that a remediation makes, besides run commands. */
export const madeTypeSchema = z.enum([
  'microsoft.compute/virtualmachines',
  'microsoft.network/networkinterfaces',
  'microsoft.compute/disks',
  'microsoft.compute/snapshots',
]);
export type MadeType = z.infer<typeof madeTypeSchema>;

const where = { subscriptionId: z.string(), resourceGroup: z.string() };

/** A resource group, and the VMs in it that were ever remediated. */
export const groupSchema = z.object({
  ...where,
  vmIds: z.array(z.string()),
  /** Other groups in which, by the records, snapshots of their disks were made. */
  diskGroups: z.array(z.string()),
});
export type Group = z.infer<typeof groupSchema>;

/** A resource that carries the tags of this deployment. */
const taggedSchema = z.object({
  id: z.string(),
  role: z.string(),
  remediationId: z.string(),
  /** ISO 8601; empty where the tag is missing. */
  expiresAt: z.string(),
  /** What uses it: the VM it is attached to, a transfer under way; null for nothing. */
  usedBy: z.string().nullable(),
  /** Whether its name is the one that this remediation gives to its role: tags alone are copied easily. */
  ownName: z.boolean(),
});
export type Tagged = z.infer<typeof taggedSchema>;

/** With what else must be known before it may be deleted. */
export interface Sweepable extends Tagged {
  /** Whether the VM that was remediated is still there. */
  vmExists: boolean;
  /** Whether a VM that no remediation made boots from it. */
  isOsDisk: boolean;
}

const seenVmsSchema = z.object({
  vms: z.array(z.object({ instanceId: z.string(), osDiskId: z.string().nullable() })),
});
export type SeenVms = z.infer<typeof seenVmsSchema>;

/** What a record names as kept for a way back, and until when. */
const keptSchema = z.object({ id: z.string(), until: z.string() });
export type Kept = z.infer<typeof keptSchema>;

const remediationIds = z.object({ remediationIds: z.array(z.string()) });
const resources = z.object({ resources: z.array(taggedSchema) });
const judgedSchema = z.object({ id: z.string(), remediationId: z.string(), role: z.string() });

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
  listVms: durableCall('listVms', z.object(where), seenVmsSchema),
  /** What bears our tags, of one type in one group. */
  listTagged: durableCall('listTagged', z.object({ ...where, type: madeTypeSchema }), resources),
  listScripts: durableCall('listScripts', z.object({ vmId: z.string() }), resources),
  /** Which of these remediations the durable engine still runs, and of which something else runs on the same VM. */
  findRunning: durableCall(
    'findRunning',
    remediationIds,
    z.object({ running: z.array(z.string()), busy: z.array(z.string()) }),
  ),
  /** What the records of these remediations name as kept; a remediation without a record is missing. */
  readKept: durableCall(
    'readKept',
    remediationIds,
    z.object({ known: z.array(z.object({ remediationId: z.string(), kept: z.array(keptSchema) })) }),
  ),
  /** Looks at the resource once more, and deletes it only where nothing has changed. */
  beginSweep: durableCall('beginSweep', judgedSchema, operationSchema),
  /** Takes our tags off a disk from which a VM boots. */
  beginRelease: durableCall('beginRelease', judgedSchema, operationSchema),
  /** Deletes the engine's history of what began before and has ended. */
  purgeHistory: durableCall(
    'purgeHistory',
    z.object({ before: z.iso.datetime() }),
    z.object({ purged: z.int() }),
  ),
  /** Measures how much stays that should be gone. */
  measureLeft: durableCall('measureLeft', z.object({ left: z.int() }), z.object({})),
  /** Deletes what intake remembers of the time before. */
  sweepIntake: durableCall(
    'sweepIntake',
    z.object({ before: z.iso.datetime() }),
    z.object({ removed: z.int() }),
  ),
} as const;
