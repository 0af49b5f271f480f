import * as z from 'zod';
import { autoShutdownSchema } from './auto-shutdown.ts';
import { expectedSchema } from './expected.ts';
import { lossSchema } from './rebuild.ts';
import { neededSchema } from './rights.ts';
import { startRiskSchema } from './start-risk.ts';

/** What `VirtualMachine` and its neighbours look like before anything is touched: read once, by preflight. */
export const inspectionSchema = z.object({
  vmId: z.string(),
  name: z.string(),
  resourceGroup: z.string(),
  subscriptionId: z.string(),
  location: z.string(),
  zone: z.string().nullable(),
  size: z.string(),
  tags: z.record(z.string(), z.string()),
  osType: z.enum(['Windows', 'Linux', 'Unknown']),
  osVersion: z.string().nullable(),
  /** Last word of the `PowerState/…` status. */
  powerState: z.string(),
  agentReady: z.boolean(),
  provisioningState: z.string(),
  generation: z.enum(['V1', 'V2']),
  securityType: z.string().nullable(),
  /** Whether its host encrypts what it writes, temporary disk and caches included. */
  encryptionAtHost: z.boolean(),
  architecture: z.string().nullable(),
  diskControllerType: z.string().nullable(),
  ephemeralOsDisk: z.boolean(),
  scaleSetId: z.string().nullable(),
  osDisk: z
    .object({
      id: z.string(),
      name: z.string(),
      sku: z.string(),
      sizeGb: z.number(),
      diskEncryptionSetId: z.string().nullable(),
      adeEncrypted: z.boolean(),
      networkAccessPolicy: z.string().nullable(),
      /** How many tags it bears. */
      tagCount: z.int().default(0),
    })
    .nullable(),
  /** What deeds compare with; `null` where there is no managed OS disk. */
  expected: expectedSchema.nullable(),
  image: z.string().nullable(),
  /** The primary one first. */
  nics: z.array(
    z.object({
      id: z.string(),
      subnetId: z.string().nullable(),
      networkSecurityGroupId: z.string().nullable(),
      privateAddress: z.string().nullable(),
      publicAddress: z.string().nullable(),
      /** A dynamic public address is lost when the VM is deallocated. */
      dynamicPublicAddress: z.boolean(),
    }),
  ),
  /** Locks on the VM, its OS disk, their groups or their subscription. */
  locks: z.array(z.object({ level: z.string(), scope: z.string() })),
  /** Scopes above the VM or its disk whose locks the service may not read. */
  unreadLocks: z.array(z.string()),
  /** When it is shut down by itself; `null` where it is not, or nobody may know. */
  autoShutdown: autoShutdownSchema.nullable(),
  /** Extensions that a rebuild would have to install again. */
  extensions: z.array(z.string()),
  /** What a rebuild of the VM would lose. */
  rebuildLosses: z.array(lossSchema),
  /** Rights on what its definition refers to, which Azure asks for when the VM is built again. */
  rebuildRights: z.array(neededSchema),
  /** The disk encryption sets of its disks, each once. */
  diskEncryptionSetIds: z.array(z.string()).default([]),
  /** What makes a start after a deallocation less sure. */
  startRisks: z.array(startRiskSchema).default([]),
  /** Whether Site Recovery replicates its disks. */
  replicated: z.boolean().default(false),
});
export type Inspection = z.infer<typeof inspectionSchema>;
