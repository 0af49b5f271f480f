import * as z from 'zod';
import { durableCall } from './durable-call.ts';
import { askedSchema } from './expected.ts';
import { guestRunInputSchema, guestRunSchema } from './guest-run.ts';
import { inspectionSchema } from './inspection.ts';
import { maker, mandate, mandateSchema } from './mandate.ts';
import { operationSchema } from './operation.ts';
import { probeExpectationSchema, probeResultSchema } from './probe.ts';
import { problemSchema } from './record.ts';
import { groupSchema, sweptSchema } from './sweep.ts';

/** The contract of every sub-orchestration: parts that would make the remediation's own history long. */
export const SUB_ORCHESTRATIONS = {
  /** Polls one Azure operation to its end. */
  awaitOperation: durableCall(
    'awaitOperation',
    z.object({
      operation: operationSchema,
      /** When it was begun. */
      since: z.iso.datetime(),
    }),
    z.object({}),
  ),
  /** The same of a deed on a VM: over as well once the VM has settled as the deed leaves it. */
  awaitDeed: durableCall(
    'awaitDeed',
    z.object({ operation: operationSchema, asked: askedSchema }),
    z.object({}),
  ),
  /** Runs one script on a VM and reads its result. */
  runGuestScript: durableCall('runGuestScript', guestRunInputSchema, guestRunSchema),
  /** Takes the safety snapshot of the OS disk. */
  takeSnapshot: durableCall(
    'takeSnapshot',
    z.object({ ...maker, diskId: z.string(), location: z.string() }),
    z.object({ id: z.string() }),
  ),
  /** Probes until RDP answers; gives up when the agent has been Ready for a while, or the limit is over. */
  awaitRdp: durableCall(
    'awaitRdp',
    z.object({
      vmId: z.string(),
      addresses: z.array(z.string()),
      port: z.int(),
      limitSeconds: z.number(),
      /** Seconds RDP gets to answer once the agent reports Ready. */
      settleSeconds: z.number(),
      /** Whom the answers are to come from; not compared where it is left out. */
      expect: probeExpectationSchema.optional(),
      /** On whose behalf it is waited for; without one it is waited for whatever is called off. */
      waiting: mandateSchema.optional(),
    }),
    z.object({ probe: probeResultSchema, agentReady: z.boolean() }),
  ),
  /** Builds the rescue VM and waits for its agent. */
  buildRescueVm: durableCall(
    'buildRescueVm',
    z.object({
      ...maker,
      vm: inspectionSchema,
      rescueGroup: z.string(),
      /** Whether it is worth a wait of hours. */
      waitsForQuota: z.boolean(),
    }),
    z.object({
      vmId: z.string(),
      size: z.string(),
      /** What was tried before, and what Azure said of it. */
      refused: z.array(z.string()),
    }),
  ),
  /** Deletes what the remediation made and no longer needs. */
  cleanUp: durableCall(
    'cleanUp',
    z.object({
      ...mandate,
      subscriptionId: z.string(),
      /** Of the VM, and of its disk. */
      resourceGroups: z.array(z.string()),
      vmIds: z.array(z.string()),
      /** Roles of what stays. */
      keep: z.array(z.string()),
      /** Nothing but run commands is known to have been made beside it. */
      scriptsFirst: z.boolean().optional(),
      /** All that was made beside run commands, where that is certain: it is asked for by its ids, and no resource group is listed. */
      madeIds: z.array(z.string()).optional(),
    }),
    z.object({
      removed: z.array(z.string()),
      kept: z.array(z.string()),
      leftovers: z.array(z.string()),
      /** Why what is left behind could not be deleted. */
      problems: z.array(problemSchema),
    }),
  ),
  /** Sweeps one resource group: the janitor's. */
  sweepGroup: durableCall('sweepGroup', groupSchema, sweptSchema),
} as const;
