import { z } from 'zod';
import { problemResultSchema } from './problem.ts';
import { guestRunSchema } from './guest-run.ts';
import { inspectionSchema } from './inspection.ts';
import { begunSchema, operationSchema } from './operation.ts';
import { probeResultSchema } from './probe.ts';
import { remediationRecordSchema } from './record.ts';
import { securityRuleSchema } from './security-rule.ts';

const maker = { remediationId: z.string(), expiresAt: z.string() };
const vm = z.object({ vmId: z.string() });
const definition = z.record(z.string(), z.json());
const nothing = z.object({});

/**
 * The contract of every activity: what goes in, what comes out. Orchestrators parse what comes back, activities
 * parse what goes in: the durable engine stores both as text. Inputs are objects always (a bare `true` would
 * arrive as "True").
 */
export const ACTIVITIES = {
  // Look
  inspectVm: contract(vm, inspectionSchema),
  readVmStatus: contract(vm, z.object({ powerState: z.string(), agentReady: z.boolean(), provisioningState: z.string() })),
  probeRdp: contract(z.object({ addresses: z.array(z.string()), port: z.int() }), probeResultSchema),
  readSecurityRules: contract(inspectionSchema, z.object({ rules: z.array(securityRuleSchema) })),
  readOsDiskId: contract(vm, z.object({ diskId: z.string() })),
  readVmDefinition: contract(vm, z.object({ definition })),
  // Wait
  pollOperation: contract(operationSchema, operationSchema),
  // Safety copy
  beginSnapshot: contract(
    z.object({ ...maker, diskId: z.string(), location: z.string(), role: z.enum(['snapshot', 'repair-snapshot']) }),
    begunSchema,
  ),
  // Network
  beginPutSecurityRule: contract(z.object({ rule: securityRuleSchema }), operationSchema),
  beginDeleteSecurityRule: contract(z.object({ rule: securityRuleSchema }), operationSchema),
  // Guest
  beginGuestScript: contract(
    z.object({ ...maker, vmId: z.string(), scriptId: z.string(), parameters: z.record(z.string(), z.string()), runName: z.string() }),
    z.object({ evidenceUrl: z.string() }),
  ),
  readGuestScript: contract(
    z.object({ vmId: z.string(), scriptId: z.string(), runName: z.string(), evidenceUrl: z.string() }),
    z.object({ run: guestRunSchema.nullable() }),
  ),
  removeGuestScript: contract(z.object({ vmId: z.string(), runName: z.string() }), operationSchema),
  // Power
  beginRestart: contract(vm, operationSchema),
  beginStart: contract(vm, operationSchema),
  beginDeallocate: contract(vm, operationSchema),
  // Rescue
  beginCopyDisk: contract(z.object({ ...maker, diskId: z.string(), snapshotId: z.string() }), begunSchema),
  beginRescueNic: contract(z.object({ ...maker, vm: inspectionSchema }), begunSchema),
  beginRescueVm: contract(z.object({ ...maker, vm: inspectionSchema, nicId: z.string() }), begunSchema),
  beginAttachDisk: contract(z.object({ vmId: z.string(), diskId: z.string(), lun: z.int() }), operationSchema),
  beginDetachDisk: contract(z.object({ vmId: z.string(), diskId: z.string() }), operationSchema),
  // Restore
  beginSwapOsDisk: contract(z.object({ vmId: z.string(), diskId: z.string() }), operationSchema),
  beginDetachOnDelete: contract(vm, operationSchema),
  beginDeleteVm: contract(z.object({ vmId: z.string(), unlessOnDiskId: z.string() }), operationSchema),
  beginRecreateVm: contract(z.object({ vmId: z.string(), osDiskId: z.string(), definition }), operationSchema),
  beginKeepOriginal: contract(z.object({ ...maker, diskId: z.string() }), operationSchema),
  beginReleaseDisk: contract(z.object({ diskId: z.string() }), operationSchema),
  // Clean up
  listMadeResources: contract(
    z.object({ remediationId: z.string(), subscriptionId: z.string(), resourceGroup: z.string() }),
    z.object({ resources: z.array(z.object({ id: z.string(), role: z.string() })) }),
  ),
  beginDeleteResource: contract(z.object({ id: z.string() }), operationSchema),
  // Report
  saveRecord: contract(z.object({ record: remediationRecordSchema }), nothing),
} as const;

export type ActivityName = keyof typeof ACTIVITIES;
export type ActivityInput<Name extends ActivityName> = z.input<(typeof ACTIVITIES)[Name]['input']>;
export type ActivityOutput<Name extends ActivityName> = z.output<(typeof ACTIVITIES)[Name]['output']>;

function contract<Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output) {
  return { input, output, answer: problemResultSchema(output) };
}
