import * as z from 'zod';
import { rescueShapeSchema, rescueShapesSchema } from './rescue-shape.ts';
import { neededSchema, rightsSchema } from './rights.ts';
import { durableCall } from './durable-call.ts';
import { ANSWERING_FOR } from './answering-for.ts';
import { askedSchema, deedSchema, expectedSchema } from './expected.ts';
import { guestAnswerSchema } from './guest-answer.ts';
import { guestRunInputSchema, guestRunSchema } from './guest-run.ts';
import { inspectionSchema } from './inspection.ts';
import { begunSchema, operationSchema } from './operation.ts';
import { policyDenialsSchema } from './policy-denials.ts';
import { probeExpectationSchema, probeResultSchema } from './probe.ts';
import { maker, mandate, mandateSchema } from './mandate.ts';
import { lossSchema, vmDefinitionSchema } from './rebuild.ts';
import { settingsSchema } from './settings.ts';
import { ruleAnswerSchema, securityRuleSchema } from './security-rule.ts';

const vm = z.object({ vmId: z.string() });
/** Of the disk that goes under the VM, where it has to be that very one. */
const diskUniqueId = z.string().nullable();
const madeSchema = z.object({ id: z.string(), role: z.string() });
const nothing = z.object({});

/**
 * The contract of every activity: what goes in, what comes out. Orchestrators parse what comes back, activities
 * parse what goes in: the durable engine stores both as text. Inputs are objects always (a bare `true` would
 * arrive as "True").
 */
export const ACTIVITIES = {
  // Look
  inspectVm: durableCall('inspectVm', vm, inspectionSchema),
  /** Its network cards alone: where it is asked after a start. */
  readNics: durableCall('readNics', vm, inspectionSchema.pick({ nics: true })),
  /** What the service lacks of the rights that it needs, for what comes before the offline repair and for that. */
  readRights: durableCall(
    'readRights',
    z.object({ always: z.array(neededSchema), offline: z.array(neededSchema) }),
    z.object({ always: rightsSchema, offline: rightsSchema }),
  ),
  /** Which assignments of Azure Policy would deny a change of the VM as it stands. */
  readPolicyDenials: durableCall('readPolicyDenials', vm, policyDenialsSchema),
  readVmStatus: durableCall(
    'readVmStatus',
    /** `waiting`: on whose behalf it is waited for; one that was called off waits no longer. */
    vm.extend({ waiting: mandateSchema.optional() }),
    z.object({ powerState: z.string(), agentReady: z.boolean(), provisioningState: z.string() }),
  ),
  probeRdp: durableCall(
    'probeRdp',
    z.object({
      addresses: z.array(z.string()),
      port: z.int(),
      /** The orchestration's time, by which certificates are judged. */
      at: z.iso.datetime(),
      /** Whom the answer is to come from; not compared where it is left out. */
      expect: probeExpectationSchema.optional(),
    }),
    probeResultSchema,
  ),
  readSecurityRules: durableCall(
    'readSecurityRules',
    inspectionSchema,
    z.object({
      /** For each NIC the ids of the groups that a packet passes. */
      paths: z.array(z.array(z.string())),
      rules: z.array(securityRuleSchema),
      /** Ids of those groups that stand before other NICs too, or before a subnet. */
      shared: z.array(z.string()),
    }),
  ),
  /** How a VM stands now, whatever was expected, and whether this repair began what is to be taken back. */
  readStanding: durableCall(
    'readStanding',
    z.object({
      vmId: z.string(),
      remediationId: z.string(),
      intent: z.string(),
      /** Only once no operation works on it. */
      settled: z.boolean(),
    }),
    z.object({ now: expectedSchema.nullable(), begun: z.boolean() }),
  ),
  /** How a VM stands after a deed of ours, compared with what is known; `null` where that took the VM away. */
  readExpected: durableCall(
    'readExpected',
    z.object({ asked: askedSchema }),
    z.object({ now: expectedSchema.nullable() }),
  ),
  /** Whether a VM has settled as a deed of ours leaves it. */
  readDone: durableCall('readDone', z.object({ asked: askedSchema }), z.object({ done: z.boolean() })),
  /** Reads what a VM is built again from, keeps it as evidence, and refuses where more would be lost than is accepted. */
  keepVmDefinition: durableCall(
    'keepVmDefinition',
    z.object({ vmId: z.string(), remediationId: z.string(), acceptLosses: z.array(lossSchema) }),
    z.object({
      definition: vmDefinitionSchema,
      evidence: z.object({ name: z.string(), url: z.string() }),
    }),
  ),
  /** A managed disk as it stands now; `null` where there is none of this id. */
  readDisk: durableCall(
    'readDisk',
    z.object({ diskId: z.string() }),
    z.object({ disk: z.object({ uniqueId: z.string(), state: z.string() }).nullable() }),
  ),
  /** What the app's settings and its policy say, where plan and order of a remediation depend on it. */
  readSettings: durableCall('readSettings', nothing, settingsSchema),
  // Wait
  pollOperation: durableCall('pollOperation', operationSchema, operationSchema),
  // Safety copy
  beginSnapshot: durableCall(
    'beginSnapshot',
    z.object({
      ...maker,
      diskId: z.string(),
      location: z.string(),
      role: z.enum(['snapshot', 'rehearsal-snapshot']),
    }),
    begunSchema,
  ),
  // Network
  /** `before`: how the rule has to stand until then; `null`: there is none of its name. */
  beginPutSecurityRule: durableCall(
    'beginPutSecurityRule',
    z.object({ ...mandate, rule: securityRuleSchema, before: securityRuleSchema.nullable() }),
    ruleAnswerSchema,
  ),
  beginDeleteSecurityRule: durableCall(
    'beginDeleteSecurityRule',
    z.object({ ...mandate, rule: securityRuleSchema }),
    ruleAnswerSchema,
  ),
  // Guest
  beginGuestScript: durableCall(
    'beginGuestScript',
    guestRunInputSchema,
    z.object({
      /** Where the whole output goes; `null` where the VM has no way there. */
      evidenceUrl: z.string().nullable(),
      timeoutSeconds: z.number(),
      /** That the answer must bear: of the changes as they were sent. */
      hash: z.string(),
      operation: operationSchema,
    }),
  ),
  readGuestScript: durableCall(
    'readGuestScript',
    z.object({
      vmId: z.string(),
      remediationId: z.string(),
      script: guestAnswerSchema.shape.script,
      nonce: z.string(),
      hash: z.string(),
      runName: z.string(),
      evidenceUrl: z.string().nullable(),
      /** Asked only where the platform failed: it alone knows why. */
      operation: operationSchema,
    }),
    z.object({ run: guestRunSchema.nullable() }),
  ),
  removeGuestScript: durableCall(
    'removeGuestScript',
    z.object({ ...mandate, vmId: z.string(), runName: z.string() }),
    operationSchema,
  ),
  // Power
  /** Whether somebody else wants a VM left stopped that is to be started at `at`; `since`: by Activity Log and schedule too, since then. */
  readOwnersWord: durableCall(
    'readOwnersWord',
    z.object({ vmId: z.string(), since: z.iso.datetime().nullable(), at: z.iso.datetime() }),
    z.object({ says: z.string().nullable() }),
  ),
  beginRestart: durableCall('beginRestart', deedSchema, operationSchema),
  beginStart: durableCall('beginStart', deedSchema, operationSchema),
  beginDeallocate: durableCall('beginDeallocate', deedSchema, operationSchema),
  beginPowerOff: durableCall('beginPowerOff', deedSchema, operationSchema),
  // Rescue
  beginCopyDisk: durableCall(
    'beginCopyDisk',
    z.object({
      ...maker,
      diskId: z.string(),
      /** A snapshot of the disk, or the disk itself. */
      sourceId: z.string(),
      role: z.enum(['rehearsal-disk', 'repair-disk']),
      /** Since when the disk stands still; an older copy would not hold all of it. */
      notBefore: z.iso.datetime().optional(),
    }),
    begunSchema,
  ),
  beginRescueNic: durableCall(
    'beginRescueNic',
    z.object({ ...maker, vm: inspectionSchema, rescueGroup: z.string() }),
    begunSchema,
  ),
  /** Sizes to which a VM that finds no host could be changed, by what the region offers at this moment. */
  otherSizes: durableCall(
    'otherSizes',
    z.object({ vm: inspectionSchema }),
    z.object({ sizes: z.array(z.string()) }),
  ),
  /** Whether a disk can be made with this encryption set: a small one, next to the OS disk. */
  beginKeyCheck: durableCall(
    'beginKeyCheck',
    z.object({ ...maker, diskId: z.string(), diskEncryptionSetId: z.string() }),
    begunSchema,
  ),
  /** What the rescue VM may be made with, by what the region offers at this moment. */
  rescueShapes: durableCall('rescueShapes', z.object({ vm: inspectionSchema }), rescueShapesSchema),
  beginRescueVm: durableCall(
    'beginRescueVm',
    z.object({
      ...maker,
      vm: inspectionSchema,
      rescueGroup: z.string(),
      nicId: z.string(),
      shape: rescueShapeSchema,
    }),
    begunSchema,
  ),
  beginAttachDisk: durableCall(
    'beginAttachDisk',
    z.object({ ...mandate, vmId: z.string(), diskId: z.string(), lun: z.int() }),
    operationSchema,
  ),
  beginDetachDisk: durableCall(
    'beginDetachDisk',
    z.object({ ...mandate, vmId: z.string(), diskId: z.string() }),
    operationSchema,
  ),
  // Restore
  beginSwapOsDisk: durableCall(
    'beginSwapOsDisk',
    deedSchema.extend({ diskId: z.string(), diskUniqueId }),
    operationSchema,
  ),
  beginDetachOnDelete: durableCall('beginDetachOnDelete', deedSchema, operationSchema),
  beginDeleteVm: durableCall('beginDeleteVm', deedSchema, operationSchema),
  beginRecreateVm: durableCall(
    'beginRecreateVm',
    deedSchema.extend({
      osDiskId: z.string(),
      diskUniqueId,
      definition: vmDefinitionSchema,
      /** Intent by which this repair deleted the VM. */
      deletedBy: z.string(),
    }),
    operationSchema,
  ),
  beginMarkDisk: durableCall(
    'beginMarkDisk',
    z.object({
      ...maker,
      diskId: z.string(),
      role: z.enum(['original-disk', 'repair-disk']),
      /** Leaves a disk on which a VM stands as it is. */
      unlessUsed: z.boolean(),
      /** The earlier remediation whose disk it is, where it is not this one's. */
      of: z.string().optional(),
    }),
    operationSchema,
  ),
  beginReleaseDisk: durableCall(
    'beginReleaseDisk',
    /** `of`: as of `beginMarkDisk`. */
    z.object({ ...mandate, diskId: z.string(), of: z.string().optional() }),
    operationSchema,
  ),
  // Clean up
  listMadeResources: durableCall(
    'listMadeResources',
    z.object({
      remediationId: z.string(),
      subscriptionId: z.string(),
      resourceGroup: z.string(),
    }),
    z.object({ resources: z.array(madeSchema) }),
  ),
  /** The same of what is known by its id: those that are there, and are the remediation's. */
  readMadeResources: durableCall(
    'readMadeResources',
    z.object({ remediationId: z.string(), ids: z.array(z.string()) }),
    z.object({ resources: z.array(madeSchema) }),
  ),
  /** The same of the scripts on a VM. */
  listMadeScripts: durableCall(
    'listMadeScripts',
    z.object({ remediationId: z.string(), vmId: z.string() }),
    z.object({ resources: z.array(madeSchema) }),
  ),
  beginDeleteResource: durableCall(
    'beginDeleteResource',
    z.object({ ...mandate, id: z.string() }),
    operationSchema,
  ),
  ...ANSWERING_FOR,
} as const;
