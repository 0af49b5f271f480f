import * as z from 'zod';

/** When Azure shuts a VM down by itself, every day. */
export const autoShutdownSchema = z.object({
  /** Minutes since midnight, by the clocks of the zone. */
  minute: z.int(),
  /** IANA name of the zone. */
  timeZone: z.string(),
});
export type AutoShutdown = z.infer<typeof autoShutdownSchema>;
