import * as z from 'zod';
import { durableCall } from './durable-call.ts';

/** What became of a remediation whose record has no end. */
const fateSchema = z.enum(['leave', 'take-over', 'tell']);

/** The contract of the watchdog's activities. */
export const WATCH = {
  /** Every remediation whose record has no end. */
  listUnfinished: durableCall('listUnfinished', z.object({}), z.object({ ids: z.array(z.string()) })),
  /** Asks the engine after one of them, and has it taken back where it is lost. */
  lookAfter: durableCall(
    'lookAfterUnfinished',
    z.object({ remediationId: z.string(), at: z.iso.datetime() }),
    z.object({ fate: fateSchema, why: z.string() }),
  ),
} as const;
