import * as z from 'zod';
import { approvalSchema, planToApproveSchema } from './approval.ts';
import { cancellationSchema } from './cancellation.ts';
import { disruptionSchema } from './disruption.ts';
import { durableCall } from './durable-call.ts';
import { inspectionSchema } from './inspection.ts';
import { remediationRecordSchema } from './record.ts';
import { remediationRequestSchema } from './request.ts';

const nothing = z.object({});

/** The contract of the activities by which a remediation answers for what it does: record, people's words, places, policy. */
export const ANSWERING_FOR = {
  // What is kept
  saveRecord: durableCall('saveRecord', z.object({ record: remediationRecordSchema }), nothing),
  /** What a person asked of the remediation; `null`: nothing. */
  readControl: durableCall(
    'readControl',
    z.object({ remediationId: z.string() }),
    z.object({ cancellation: cancellationSchema.nullable() }),
  ),
  /** What a person gives back with a yes, so that it counts for this plan alone. */
  hashPlan: durableCall('hashPlan', planToApproveSchema, z.object({ hash: z.string() })),
  /** Closes the question for an approval: gives back the answer of a person where there is one, otherwise a no. */
  closeApproval: durableCall(
    'closeApproval',
    z.object({ remediationId: z.string(), plan: z.string() }),
    approvalSchema,
  ),
  /** Gives back the VM's place among those that go on at once in a subscription. */
  freePlace: durableCall('freePlace', z.object({ vmId: z.string() }), nothing),
  /** Takes one again; `taken` is false while all are held. */
  takePlace: durableCall('takePlace', z.object({ vmId: z.string() }), z.object({ taken: z.boolean() })),
  /** Asks the policy once more, for a VM that is to be restarted, or to go down, now, and stays away for so many seconds. */
  askPolicy: durableCall(
    'askPolicy',
    z.object({
      request: remediationRequestSchema,
      tags: z.record(z.string(), z.string()),
      at: z.iso.datetime(),
      disrupts: disruptionSchema,
      downtimeSeconds: z.number(),
    }),
    z.object({
      refusal: z.object({ rule: z.string(), message: z.string() }).nullable(),
      /** Whether a person is to approve it. */
      approval: z.boolean(),
    }),
  ),
  /** Asks whether another VM may help this one. */
  vetPeer: durableCall(
    'vetPeer',
    z.object({
      request: remediationRequestSchema,
      vm: inspectionSchema,
      peerVmId: z.string(),
      at: z.iso.datetime(),
    }),
    z.object({ refusal: z.string().nullable() }),
  ),
  readRecord: durableCall(
    'readRecord',
    z.object({ remediationId: z.string() }),
    z.object({ record: remediationRecordSchema }),
  ),
} as const;
