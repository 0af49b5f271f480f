import * as z from 'zod';

/** A long-running Azure operation as plain data: begun by one activity, polled by another. */
export const operationSchema = z.object({
  subscriptionId: z.string(),
  provider: z.enum(['compute', 'network']),
  /** The SDK's serialized poller; empty where there was nothing to do. */
  state: z.string(),
  done: z.boolean(),
  /** Seconds to wait before the next poll. */
  pollAfterSeconds: z.number(),
  /** How long such a one usually takes, from its begin: it is not worth asking sooner. */
  usualSeconds: z.number().optional(),
});
export type Operation = z.infer<typeof operationSchema>;

/** A resource on its way: its id is known before the operation has ended. */
export const begunSchema = z.object({ id: z.string(), operation: operationSchema });
export type Begun = z.infer<typeof begunSchema>;
