import * as z from 'zod';
import { durableCall } from './durable-call.ts';
import { probeStateSchema } from './probe.ts';
import { vmIdSchema } from './vm-id.ts';

/** A VM whose RDP answers, but not as it should. */
const illSchema = z.object({ vmId: vmIdSchema, state: probeStateSchema, detail: z.string() });
export type Ill = z.infer<typeof illSchema>;

const moment = z.iso.datetime();

/** The contract of the fleet watch's activities. */
export const FLEET_WATCH = {
  /** Every VM that its owner has opted in by the policy's tag; and where the service may not look. */
  listWatched: durableCall(
    'listWatched',
    z.object({}),
    z.object({ vmIds: z.array(vmIdSchema), unread: z.array(z.string()) }),
  ),
  /** Asks some of them, and tells those that run and whose RDP is ill. */
  askWatched: durableCall(
    'askWatched',
    z.object({ vmIds: z.array(vmIdSchema), at: moment }),
    z.object({ asked: z.int(), ill: z.array(illSchema) }),
  ),
  /** Puts a request on the queue for one that was ill twice. */
  requestWatched: durableCall(
    'requestWatched',
    z.object({ ill: illSchema, at: moment }),
    z.object({ sent: z.boolean() }),
  ),
} as const;
